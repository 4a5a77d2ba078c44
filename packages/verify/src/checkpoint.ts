import {
  LedgerError,
  verifyCheckpoint,
  verifyTlogProof,
  type Checkpoint,
  type VerifiedTlogProof,
  type WitnessPolicy,
} from '@recourse/ledger';
import { fromUtf8 } from '@recourse/protocol';
import { VerifyError, type VerifyErrorCode } from './errors.ts';
import type { LogSource } from './log-source.ts';

/** A checkpoint with its signed note. */
export interface SignedCheckpoint {
  readonly note: string;
  readonly checkpoint: Checkpoint;
}

/**
 * The checkpoint that is served now.
 * @throws VerifyError `checkpoint-missing`, and the errors of `openCheckpoint`
 */
export async function newestCheckpoint(
  source: LogSource,
  policy: WitnessPolicy,
): Promise<SignedCheckpoint> {
  const note = await source.checkpoint();
  if (note === undefined) throw new VerifyError('checkpoint-missing', 'checkpoint');
  return openCheckpoint(note, policy);
}

/**
 * Opens a checkpoint under a policy.
 * @throws VerifyError `checkpoint-invalid`, `witnesses-missing`
 */
export async function openCheckpoint(
  note: Uint8Array | string,
  policy: WitnessPolicy,
): Promise<SignedCheckpoint> {
  try {
    const { checkpoint } = await verifyCheckpoint(note, policy);
    return { note: typeof note === 'string' ? note : fromUtf8(note), checkpoint };
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new VerifyError(codeOf(cause), 'checkpoint', { cause });
  }
}

/**
 * Checks offline that the ledger of this policy has the entry.
 * @param proof a `.tlog-proof`
 * @throws VerifyError `checkpoint-invalid`, `witnesses-missing`, `proof-invalid`
 */
export async function verifyProof(
  proof: Uint8Array,
  expected: { leaf: Uint8Array; policy: WitnessPolicy },
): Promise<VerifiedTlogProof> {
  try {
    return await verifyTlogProof(proof, expected);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    const code = ofCheckpoint.has(cause.code) ? codeOf(cause) : 'proof-invalid';
    throw new VerifyError(code, 'proof', { cause });
  }
}

const codeOf = ({ code }: LedgerError): VerifyErrorCode =>
  code === 'witnesses-missing' ? code : 'checkpoint-invalid';

const ofCheckpoint: ReadonlySet<string> = new Set([
  'note-malformed',
  'checkpoint-malformed',
  'signature-invalid',
  'signature-missing',
  'origin-mismatch',
  'policy-invalid',
  'witnesses-missing',
]);
