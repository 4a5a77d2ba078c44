import { concatBytes } from '@noble/hashes/utils.js';
import { utf8 } from './bytes.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { LedgerError } from './errors.ts';
import type { NoteSignature } from './note.ts';
import { assertSigner, rawSignature, type NoteSigner } from './sign-note.ts';
import { keyId } from './verifier-key.ts';

/**
 * Signature of a witness, cosignature/v1 (tlog-cosignature, "Format"): big-endian uint64 of seconds since 1970, then
 * 64 bytes of Ed25519 over `cosignature/v1\ntime <seconds>\n` and the text of the checkpoint. It says: at this time,
 * this was the largest consistent tree of this origin that the witness had seen.
 */
export interface TimestampedSignature {
  /** Seconds since 1970, at most 2^53 - 1 */
  readonly time: number;
  readonly signature: Uint8Array;
}

/**
 * Cosigns a checkpoint. Call it only for a tree that begins with every tree that was cosigned before.
 * @param text of the checkpoint, without signatures
 * @param options.time seconds since 1970
 * @throws LedgerError `checkpoint-malformed`, `size-invalid`, `time-invalid`, `key-malformed`, `key-weak` or
 *   `signature-invalid`
 */
export async function cosign(
  text: string,
  { signer, time }: { signer: NoteSigner; time: number },
): Promise<NoteSignature> {
  parseCheckpoint(text);
  assertSigner(signer, 'cosignature');
  if (!Number.isSafeInteger(time) || time < 0) {
    throw new LedgerError('time-invalid', 'not whole seconds since 1970');
  }
  const signature = await rawSignature(signer, cosignedMessage(text, time));
  return {
    name: signer.key.name,
    id: keyId(signer.key),
    signature: concatBytes(encodeTime(time), signature),
  };
}

export const cosignedMessage = (text: string, time: number): Uint8Array =>
  utf8(`cosignature/v1\ntime ${time}\n${text}`);

/**
 * Takes the signature of a `cosignature` key apart: attacker-controlled bytes.
 * @throws LedgerError `signature-invalid`
 */
export function parseTimestampedSignature(bytes: Uint8Array): TimestampedSignature {
  if (bytes.length !== 72) throw new LedgerError('signature-invalid', 'not 72 bytes');
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  // Rounded, a later time would verify as an earlier one.
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new LedgerError('signature-invalid', 'time beyond 2^53 - 1');
  }
  return { time: Number(time), signature: bytes.subarray(8) };
}

function encodeTime(time: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(time));
  return new Uint8Array(view.buffer);
}
