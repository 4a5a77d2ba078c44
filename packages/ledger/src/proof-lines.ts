import { fromBase64, toBase64 } from './bytes.ts';
import { LedgerError, type LedgerErrorCode } from './errors.ts';
import { assertHash } from './merkle.ts';
import { decodeText } from './text.ts';

/** Most hashes of a proof that is read or written (tlog-witness, "add-checkpoint"). */
const maxProofHashes = 63;

/**
 * Lines, an empty line, and a note as it is: the form of proof files and of requests to witnesses. The first empty
 * line separates, for the note has another one.
 * @throws LedgerError `too-large` or `code`
 */
export function splitLines(
  data: Uint8Array | string,
  code: LedgerErrorCode,
): { lines: string[]; note: string } {
  const whole = decodeText(data, code);
  const border = whole.indexOf('\n\n');
  if (border === -1) throw new LedgerError(code, 'no empty line');
  return { lines: whole.slice(0, border).split('\n'), note: whole.slice(border + 2) };
}

/** @throws LedgerError `code` unless at most 63 lines of base64, 32 bytes each */
export function parseHashes(lines: readonly string[], code: LedgerErrorCode): Uint8Array[] {
  if (lines.length > maxProofHashes) throw new LedgerError(code, 'more than 63 hashes');
  return lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== 32) throw new LedgerError(code, 'not base64 of a hash');
    return hash;
  });
}

/** @throws LedgerError `code` unless at most 63 hashes of 32 bytes */
export function encodeHashes(hashes: readonly Uint8Array[], code: LedgerErrorCode): string[] {
  if (hashes.length > maxProofHashes) throw new LedgerError(code, 'more than 63 hashes');
  for (const hash of hashes) assertHash(hash, code);
  return hashes.map(toBase64);
}
