import { caseOps, type CaseInput, type CaseOpName } from '@recourse/protocol';
import type { Services, Limit } from '../context/context.ts';
import { WrongSecret, type ProvenIdentifier } from './context.ts';
import { messageOf, provableForm, recordName } from './provable-form.ts';
import { spendTry } from './find-store.ts';
import { isSame, mailedCode, proofValue, readCode, type ProofClaim } from './proof-code.ts';
import { tokenLookups } from './token-lookups.ts';
import { evmAddress, personalSigner } from './wallet-proof.ts';

/**
 * Prepares what `case.prove` needs before its transaction: the proof checked, at most five times for one find, then the
 * tokens of the identifier. Nothing for other acts, nor for an input that its schema will refuse.
 * @throws WrongSecret for any proof that does not hold
 */
export async function prepareCase(
  preparing: { services: Services; limit: Limit },
  op: CaseOpName,
  input: unknown,
): Promise<ProvenIdentifier | undefined> {
  if (op !== 'case.prove') return undefined;
  const parsed = caseOps[op].input.safeParse(input);
  return parsed.success ? provenBy(preparing, parsed.data) : undefined;
}

async function provenBy(
  { services, limit }: { services: Services; limit: Limit },
  input: CaseInput<'case.prove'>,
): Promise<ProvenIdentifier> {
  // Spent before the proof is looked at, in its own transaction: two hundred tries at once are five.
  const find = await limit(() =>
    spendTry(services.db, { find: input.find, now: services.clock() }),
  );
  if (!find) throw new WrongSecret();
  const { kind } = find;
  const identifier = provableForm(kind, input.identifier);
  const proving = { find: input.find, kind, identifier };
  if (!(await isProven(services, proving, input.proof ?? ''))) throw new WrongSecret();
  return {
    find: input.find,
    lookups: await tokenLookups(services, { kind, canonical: identifier }),
  };
}

async function isProven(services: Services, proving: ProofClaim, proof: string): Promise<boolean> {
  const { vault, proofs } = services;
  const { kind, identifier } = proving;
  if (kind === 'email' || kind === 'phone')
    return isSame(mailedCode(vault, proving), readCode(proof));
  if (kind === 'wallet') {
    return personalSigner(messageOf({ services }, proving), proof) === evmAddress(identifier);
  }
  const records = await proofs.txtRecords(recordName(identifier));
  return records.some((record) => isSame(proofValue(vault, proving), record.trim()));
}
