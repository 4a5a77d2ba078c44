import { parseCheckpoint, type Checkpoint } from './checkpoint.ts';
import { LedgerError } from './errors.ts';
import type { VerifierKey } from './verifier-key.ts';
import { verifyNote, type VerifyOptions } from './verify-note.ts';

/** The keys to believe about one log: its own, and those of its witnesses, with the number that must have cosigned. */
export interface WitnessPolicy {
  /** Type `ed25519`; its name is the origin of the log */
  readonly log: VerifierKey;
  /** Type `cosignature`, no public key twice */
  readonly witnesses: readonly VerifierKey[];
  /** From 0 to the number of witnesses */
  readonly threshold: number;
}

/** A policy without witnesses: the signature of the log is enough. */
export const unwitnessed = (log: VerifierKey): WitnessPolicy => ({
  log,
  witnesses: [],
  threshold: 0,
});

/** A witness states that, at a time, it had seen no larger tree of this log and no other history. */
export interface WitnessStatement {
  readonly key: VerifierKey;
  /** Seconds since 1970, as the witness states them: compare with a clock where freshness matters */
  readonly time: number;
}

/** A checkpoint that its policy accepts, with the statements of its witnesses. */
export interface WitnessedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly witnesses: readonly WitnessStatement[];
}

/**
 * Opens a checkpoint that the log signed and enough witnesses cosigned.
 * @throws LedgerError `policy-invalid`, `origin-mismatch` for another log, `signature-missing` without the log's
 *   signature, `witnesses-missing` below the threshold, and the errors of `verifyNote` and `parseCheckpoint`
 */
export async function verifyCheckpoint(
  note: Uint8Array | string,
  policy: WitnessPolicy,
  options: VerifyOptions = {},
): Promise<WitnessedCheckpoint> {
  assertPolicy(policy);
  const { text, signatures } = await verifyNote(note, [policy.log, ...policy.witnesses], options);
  if (!signatures.some(({ key }) => key === policy.log)) {
    throw new LedgerError('signature-missing', 'the log has not signed');
  }
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== policy.log.name) {
    throw new LedgerError('origin-mismatch', 'checkpoint of another log');
  }
  const witnesses = signatures.flatMap(({ key, time }) =>
    time === undefined ? [] : { key, time },
  );
  if (witnesses.length < policy.threshold) {
    throw new LedgerError('witnesses-missing', 'too few witnesses have cosigned');
  }
  return { checkpoint, witnesses };
}

/** A cosignature does not sign its name: one key under two names would be two witnesses, and the log its own. */
function assertPolicy({ log, witnesses, threshold }: WitnessPolicy): void {
  const publicKeys = [log, ...witnesses].map(({ publicKey }) => publicKey.join());
  const sound =
    log.type === 'ed25519' &&
    witnesses.every(({ type }) => type === 'cosignature') &&
    new Set(publicKeys).size === publicKeys.length &&
    Number.isSafeInteger(threshold) &&
    threshold >= 0 &&
    threshold <= witnesses.length;
  if (!sound) throw new LedgerError('policy-invalid', 'types, keys or threshold of the policy');
}
