import {
  LedgerError,
  parseVerifierKey,
  type VerifierKey,
  type WitnessPolicy,
} from '@recourse/ledger';
import { z } from 'zod';
import { hashText } from './hash.ts';
import { jcs } from './json.ts';
import { idSchema } from './typeid.ts';

/** Most witnesses of a registry: a note with more signature lines than a few dozen is read by nobody. */
export const mostWitnesses = 32;

/**
 * Verifier key of a witness, `<name>+<hex key id>+<base64 of 0x04 and the public key>` (tlog-cosignature). The party
 * chooses the name, which operators are shown, so it is printable ASCII.
 */
export const witnessKeySchema = z
  .string()
  .regex(/^[!-*,-~]{1,120}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/)
  .refine(isWitnessKey);

const witnessSchema = z.strictObject({
  party: z.union([idSchema('plt'), z.literal('panel')]),
  key: witnessKeySchema,
});

/**
 * Detail of a `witness-policy` entry: who cosigns checkpoints, in the order of registration, and how many of them must
 * have. Nobody sets the threshold.
 */
export const witnessPolicySchema = z
  .strictObject({
    threshold: z.int().min(0).max(mostWitnesses),
    witnesses: z.array(witnessSchema).max(mostWitnesses),
  })
  .refine(isSound);
export type LoggedWitnessPolicy = z.infer<typeof witnessPolicySchema>;

/** The threshold: 0 without witnesses, else more than half of them. Two halves cannot cosign two histories. */
export const majorityOf = (witnesses: number): number =>
  witnesses === 0 ? 0 : Math.floor(witnesses / 2) + 1;

/** The fingerprint that an invite pins: SHA-256 of the JCS of the detail, 43 characters of base64url. */
export const policyFingerprint = (policy: LoggedWitnessPolicy): string => hashText(jcs(policy));

/**
 * The policy as checkpoints are verified under it.
 * @param log key of the log, which is pinned and not part of the logged policy
 */
export const toWitnessPolicy = (
  log: VerifierKey,
  { threshold, witnesses }: LoggedWitnessPolicy,
): WitnessPolicy => ({
  log,
  witnesses: witnesses.map(({ key }) => parseVerifierKey(key)),
  threshold,
});

function isWitnessKey(text: string): boolean {
  try {
    return parseVerifierKey(text).type === 'cosignature';
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  }
}

/** A cosignature does not sign its name: one key under two names, or twice one name, would be two witnesses in one hand. */
function isSound({
  threshold,
  witnesses,
}: {
  threshold: number;
  witnesses: readonly z.infer<typeof witnessSchema>[];
}): boolean {
  const members = [
    witnesses.map(({ party }) => party),
    witnesses.map(({ key }) => key.split('+', 1)[0]),
    witnesses.map(({ key }) => key.slice(-publicKeyChars)),
  ];
  return (
    threshold === majorityOf(witnesses.length) &&
    members.every((list) => new Set(list).size === witnesses.length)
  );
}

/** Base64 of 33 bytes. */
const publicKeyChars = 44;
