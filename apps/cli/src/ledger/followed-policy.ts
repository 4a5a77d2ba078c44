import { encodeVerifierKey, type VerifierKey, type WitnessPolicy } from '@recourse/ledger';
import {
  followPolicies,
  policyFingerprint,
  toBase64url,
  toWitnessPolicy,
} from '@recourse/protocol';
import type { PinStore } from '@recourse/sdk';
import { getJson } from '../get-json.ts';
import { LedgerRefusal } from './ledger-refusal.ts';
import { LogSource } from './log-source.ts';

export interface PinnedPolicy {
  /** Where the registry, or a copy of its ledger, is reached */
  readonly url: string;
  readonly log: VerifierKey;
  /** Fingerprint, as in an invite */
  readonly pinned: string;
  /** Keeps how far the policies were followed: else a registry could go back to an old one */
  readonly pins: PinStore;
}

/**
 * The witnesses to believe now, from those that were pinned.
 * @throws CliError `registry-unreachable`; LedgerRefusal `policy-unknown`
 */
export async function followedPolicy(of: PinnedPolicy): Promise<WitnessPolicy> {
  const { url, log, pinned, pins } = of;
  const { ledger } = (await getJson(`${url}/.well-known/recourse`)) as {
    ledger?: { policies?: unknown };
  };
  const source = new LogSource(url);
  const name = `witness-policy ${encodeVerifierKey(log)} ${pinned}`;
  const policy = await followPolicies({
    log,
    from: (await pins.get(name)) ?? pinned,
    policies: Array.isArray(ledger?.policies) ? ledger.policies : [],
    proofOf: (leaf) => source.proof(toBase64url(leaf)),
  });
  if (policy === undefined) throw new LedgerRefusal('policy-unknown');
  await pins.set(name, policyFingerprint(policy));
  return toWitnessPolicy(log, policy);
}
