import { witnessPolicySchema } from '@recourse/protocol';
import {
  currentWitnesses,
  endWitness,
  hasPolicy,
  insertPolicy,
  insertWitness,
  type RegisteredWitness,
} from '../../log/witness-store.ts';
import { instantOf, type Apply } from './applying.ts';

/** No entry has the address of a witness: whoever runs it registers it once more, under the same key. */
const lostAddress = 'https://address-lost.invalid';

/** A witness policy rules again what is served, from its place in the log on. */
export const applyPolicy: Apply<'witness-policy'> = async (detail, entry, { db, counts }) => {
  const at = instantOf(entry);
  const { data } = witnessPolicySchema.safeParse(detail);
  if (!data || (await hasPolicy(db, entry))) return;
  await insertPolicy(db, entry);
  const before = await currentWitnesses(db);
  const gone = before.filter((one) => !data.witnesses.some((other) => isSame(one, other)));
  for (const { party } of gone) await endWitness(db, party, at);
  const added = data.witnesses.filter((one) => !before.some((other) => isSame(one, other)));
  for (const witness of added) await insertWitness(db, { ...witness, url: lostAddress, at });
  counts.parties++;
};

type Witness = Pick<RegisteredWitness, 'party' | 'key'>;

const isSame = (a: Witness, b: Witness): boolean => a.party === b.party && a.key === b.key;
