import { witnessPolicySchema, type Entry, type Json } from '@recourse/protocol';
import {
  currentWitnesses,
  endWitness,
  hasPolicy,
  insertPolicy,
  insertWitness,
  type RegisteredWitness,
} from '../witness-store.ts';
import type { Applying } from './applying.ts';

/** No entry has the address of a witness: whoever runs it registers it once more, under the same key. */
const lostAddress = 'https://address-lost.invalid';

/** A witness policy rules again what is served, from its place in the log on. */
export async function applyPolicy(
  { db, counts }: Applying,
  detail: Readonly<Record<string, Json>>,
  { at, entry }: { at: Date; entry: Entry },
): Promise<void> {
  const { data } = witnessPolicySchema.safeParse(detail);
  if (!data || (await hasPolicy(db, entry))) return;
  await insertPolicy(db, entry);
  const before = await currentWitnesses(db);
  const gone = before.filter((one) => !data.witnesses.some((other) => isSame(one, other)));
  for (const { party } of gone) await endWitness(db, party, at);
  const added = data.witnesses.filter((one) => !before.some((other) => isSame(one, other)));
  for (const witness of added) await insertWitness(db, { ...witness, url: lostAddress, at });
  counts.parties++;
}

type Witness = Pick<RegisteredWitness, 'party' | 'key'>;

const isSame = (a: Witness, b: Witness): boolean => a.party === b.party && a.key === b.key;
