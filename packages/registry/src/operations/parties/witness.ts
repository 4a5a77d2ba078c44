import {
  majorityOf,
  mostWitnesses,
  policyFingerprint,
  type LoggedWitnessPolicy,
  type OpInput,
  type OpOutput,
  type PartyId,
} from '@recourse/protocol';
import { isSandbox } from '../../commit/facts-store.ts';
import type { CallContext } from '../../context/context.ts';
import { conflict, invalid } from '../../kernel/refusal.ts';
import { sqlState } from '../../kernel/retry.ts';
import {
  currentWitnesses,
  endWitness,
  insertPolicy,
  insertWitness,
  moveWitness,
  type RegisteredWitness,
} from '../../log/witness-store.ts';
import { lockParty } from '../../parties/store.ts';

/**
 * Registers the witness of the caller's party, in place of the one before, or takes it back. Every change of the policy
 * goes into the log; another address alone is none. The threshold follows from the number by rule.
 */
export async function setWitness(
  ctx: CallContext,
  { key, url }: OpInput<'parties.witness'>,
): Promise<OpOutput<'parties.witness'>> {
  // One lock for all parties: of two changes at once, the second sees the first.
  await lockParty(ctx.db, 'operator');
  const witnesses = await currentWitnesses(ctx.db);
  const own = witnesses.find(({ party }) => party === ctx.caller.party);
  if (key !== null && url !== undefined) await assertAddress(ctx, url);
  if (key === (own?.key ?? null)) {
    if (url !== undefined) await moveWitness(ctx.db, ctx.caller.party, url);
    return stated(policyOf(witnesses));
  }
  if (own) await endWitness(ctx.db, own.party, ctx.now);
  if (key !== null && url !== undefined) await register(ctx, { key, url });
  const policy = policyOf(await currentWitnesses(ctx.db));
  if (policy.witnesses.length > mostWitnesses) throw conflict('key', 'too-many-witnesses');
  await insertPolicy(ctx.db, ctx.changes.public('witness-policy', policy));
  return stated(policy);
}

async function register(
  { db, caller, now }: CallContext,
  named: Pick<RegisteredWitness, 'key' | 'url'>,
): Promise<void> {
  const witness = { ...named, party: witnessParty(caller.party), at: now };
  try {
    if (!(await insertWitness(db, witness))) throw conflict('key', 'registered');
  } catch (error) {
    // The one rule that the schema of the input does not have: the log is no witness of itself.
    if (sqlState(error) === '23514') throw invalid('key', 'log-key');
    throw error;
  }
}

/** Only a sandbox, whose witnesses are on the same machine, is asked in clear. */
async function assertAddress({ db }: CallContext, url: string): Promise<void> {
  if (!url.startsWith('https:') && !(await isSandbox(db))) throw invalid('url', 'not-https');
}

function policyOf(witnesses: readonly RegisteredWitness[]): LoggedWitnessPolicy {
  return {
    threshold: majorityOf(witnesses.length),
    witnesses: witnesses.map(({ party, key }) => ({ party, key })),
  };
}

const stated = (policy: LoggedWitnessPolicy): OpOutput<'parties.witness'> => ({
  policy,
  fingerprint: policyFingerprint(policy),
});

/** No role of the operator carries this operation. */
function witnessParty(party: PartyId): RegisteredWitness['party'] {
  if (party === 'operator') throw new TypeError('the operator has no witness');
  return party;
}
