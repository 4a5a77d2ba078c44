import { utf8 } from './bytes.ts';
import { LedgerError, type LedgerErrorCode } from './errors.ts';

/** Longest note, proof file or request that is read: 16 signatures of 5 kB and much more. */
const maxTextBytes = 1_000_000;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Text of attacker-controlled bytes or text: valid UTF-8 of bounded length without ASCII control characters
 * but newline (signed-note, "Format"). A lone surrogate is refused: its encoding is that of another text.
 * @throws LedgerError `too-large`, or `code` for anything that is no such text
 */
export function decodeText(data: Uint8Array | string, code: LedgerErrorCode): string {
  if (data.length > maxTextBytes) throw new LedgerError('too-large', 'over 1,000,000 bytes');
  const text = typeof data === 'string' ? data : decodeUtf8(data, code);
  if (typeof data === 'string' && utf8(data).length > maxTextBytes) {
    throw new LedgerError('too-large', 'over 1,000,000 bytes');
  }
  if (!text.isWellFormed() || hasControl(text.replaceAll('\n', ''))) {
    throw new LedgerError(code, 'control character or lone surrogate');
  }
  return text;
}

function decodeUtf8(data: Uint8Array, code: LedgerErrorCode): string {
  try {
    return decoder.decode(data);
  } catch (cause) {
    throw new LedgerError(code, 'not UTF-8', { cause });
  }
}

/** One line without its newline: not empty, no ASCII control character, encodable. */
export const isLine = (text: string): boolean =>
  text !== '' && text.isWellFormed() && !hasControl(text);

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20) return true;
  return false;
}
