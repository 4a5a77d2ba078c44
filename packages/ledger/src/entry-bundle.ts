import { concatBytes } from '@noble/hashes/utils.js';
import { LedgerError } from './errors.ts';
import { tileWidth } from './tile.ts';

const longestEntry = 0xffff;

/**
 * Writes entries as a log serves them: each after its length as big-endian uint16 (tlog-tiles, "Log entries").
 * @throws LedgerError `bundle-malformed` unless 1 to 256 entries of at most 65,535 bytes
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  assertWidth(entries.length);
  return concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > longestEntry) {
        throw new LedgerError('bundle-malformed', 'an entry has at most 65,535 bytes');
      }
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/**
 * Reads the entries of a bundle. `bytes` are attacker-controlled: hash the entries and compare with the tree.
 * @throws LedgerError `bundle-malformed` unless exactly `width` entries, 1 to 256, and nothing after them
 */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  assertWidth(width);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length && entries.length < width) {
    const begin = at + 2;
    const end = begin + ((bytes[at]! << 8) | (bytes[at + 1] ?? 0));
    if (end > bytes.length) throw new LedgerError('bundle-malformed', 'an entry is cut off');
    entries.push(bytes.subarray(begin, end));
    at = end;
  }
  if (entries.length !== width || at !== bytes.length) {
    throw new LedgerError('bundle-malformed', 'not of this width');
  }
  return entries;
}

function assertWidth(width: number): void {
  if (!Number.isSafeInteger(width) || width < 1 || width > tileWidth) {
    throw new LedgerError('bundle-malformed', 'a bundle has 1 to 256 entries');
  }
}
