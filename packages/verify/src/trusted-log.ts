import type { VerifierKey, WitnessPolicy } from '@recourse/ledger';
import {
  followPolicies,
  ledgerOrigin,
  logVerifierKey,
  policyFingerprint,
  publicJwkSchema,
  thumbprint,
  toBase64url,
  toWitnessPolicy,
  type PublicJwk,
} from '@recourse/protocol';
import { VerifyError } from './errors.ts';
import type { LogSource } from './log-source.ts';

/** A ledger, with the key and the witnesses that are believed about it. */
export interface TrustedLog {
  /** Origin of the registry: the audience of every statement in its ledger */
  readonly origin: string;
  /** The name of its log key is the origin of the ledger, `<host>/ledger`; no witnesses where none are pinned */
  readonly policy: WitnessPolicy;
}

/**
 * The log key with a pinned fingerprint. The fingerprint is a hash of the key, so the registry can name only that key.
 * @param document `/.well-known/recourse`
 * @throws VerifyError `log-key-mismatch`
 */
export function logKeyOf(
  document: unknown,
  { origin, kid }: { origin: string; kid: string },
): VerifierKey {
  const { data } = publicJwkSchema.safeParse(memberOf(document, 'logKey'));
  if (data?.kty !== 'OKP' || thumbprint(data) !== kid) throw new VerifyError('log-key-mismatch');
  return logVerifierKey(origin, data);
}

/** A key of one ledger says nothing about another. @throws VerifyError `log-key-mismatch` */
export function assertKeyOf(origin: string, key: VerifierKey): void {
  if (key.name !== ledgerOrigin(origin)) throw new VerifyError('log-key-mismatch');
}

/** The policy to begin with, and the document that has the later ones. */
export interface PolicyTrail {
  readonly log: VerifierKey;
  /** Fingerprint of the policy that was pinned, or of the last that was followed to */
  readonly from: string;
  /** `/.well-known/recourse`, attacker-controlled */
  readonly document: unknown;
  readonly source: LogSource;
}

/**
 * The witnesses to believe now. Keep the fingerprint and go on from it: else a registry could go back to an old policy.
 * @throws VerifyError `policy-unknown`
 */
export async function followPolicy({
  log,
  from,
  document,
  source,
}: PolicyTrail): Promise<{ policy: WitnessPolicy; fingerprint: string }> {
  const policies = memberOf(memberOf(document, 'ledger'), 'policies');
  const followed = await followPolicies({
    log,
    from,
    policies: Array.isArray(policies) ? policies : [],
    proofOf: (leaf) => source.proof(toBase64url(leaf)),
  });
  if (followed === undefined) throw new VerifyError('policy-unknown');
  return { policy: toWitnessPolicy(log, followed), fingerprint: policyFingerprint(followed) };
}

/** The document is attacker-controlled, and may be of any shape. */
export const memberOf = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null && Object.hasOwn(json, name)
    ? (json as Record<string, unknown>)[name]
    : undefined;

/** As statements name it. */
export const logJwk = ({ log }: WitnessPolicy): PublicJwk => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: toBase64url(log.publicKey),
});
