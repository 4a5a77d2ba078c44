import { LedgerError, verifyTlogProof, type VerifierKey } from '@recourse/ledger';
import { entryLeafHash, entrySchema, type Entry } from './entries/index.ts';
import {
  policyFingerprint,
  toWitnessPolicy,
  witnessPolicySchema,
  type LoggedWitnessPolicy,
} from './witness-policy.ts';

/** The policy that is believed, and those that the registry published. */
export interface FollowingPolicies {
  /** The pinned key of the log */
  readonly log: VerifierKey;
  /** Fingerprint of the policy that is believed already */
  readonly from: string;
  /** `policies` of the registry document, the oldest first: attacker-controlled */
  readonly policies: readonly unknown[];
  /** A `.tlog-proof` of the entry with this leaf hash, 32 bytes; undefined where there is none. Attacker-controlled */
  readonly proofOf: (leaf: Uint8Array) => Promise<Uint8Array | string | undefined>;
}

interface LoggedPolicy {
  readonly entry: Entry;
  readonly policy: LoggedWitnessPolicy;
}

/**
 * The newest policy to believe, from the one that was pinned.
 *
 * A later policy counts when the log has its entry after those that count, under a checkpoint that one of them accepts.
 * So nobody changes the witnesses with the log key alone. A policy whose witnesses never answered is passed over.
 * @returns undefined when `from` is none of them
 */
export async function followPolicies(
  following: FollowingPolicies,
): Promise<LoggedWitnessPolicy | undefined> {
  const logged = following.policies.map(readPolicy);
  const at = logged.findLastIndex(
    (one) => one !== undefined && policyFingerprint(one.policy) === following.from,
  );
  const pinned = logged[at];
  const later = logged.slice(at + 1);
  if (pinned === undefined || later.length === 0) return pinned?.policy;
  const believed = [pinned];
  let place = await placeOf(pinned, believed, following);
  for (const next of later) {
    const index = next && (await placeOf(next, believed, following));
    // An older policy, with fewer witnesses perhaps, is in the log just as well.
    if (next === undefined || index === undefined || place === undefined || index <= place)
      continue;
    believed.push(next);
    place = index;
  }
  return believed.at(-1)?.policy;
}

function readPolicy(json: unknown): LoggedPolicy | undefined {
  const entry = entrySchema.safeParse(json);
  if (!entry.success || entry.data.type !== 'witness-policy') return undefined;
  const policy = witnessPolicySchema.safeParse(entry.data.detail);
  return policy.success ? { entry: entry.data, policy: policy.data } : undefined;
}

/** Where the log has the entry of a policy, by the word of witnesses that are believed. */
async function placeOf(
  { entry }: LoggedPolicy,
  believed: readonly LoggedPolicy[],
  { log, proofOf }: FollowingPolicies,
): Promise<number | undefined> {
  const leaf = entryLeafHash(entry);
  const proof = await proofOf(leaf);
  if (proof === undefined) return undefined;
  for (const { policy } of believed.toReversed()) {
    try {
      return (await verifyTlogProof(proof, { leaf, policy: toWitnessPolicy(log, policy) })).index;
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
    }
  }
  return undefined;
}
