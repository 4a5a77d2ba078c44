import { encodeEntryBundle, LedgerError, parseEntryBundle, tilePath } from '@recourse/ledger';
import { LedgerRefusal } from './ledger-refusal.ts';
import type { LogSource } from './log-source.ts';

const fullWidth = 256;

/** A bundle of `width` entries, from `index * 256` on. */
export interface BundleId {
  readonly index: number;
  readonly width: number;
}

/** The bundles of a tree of `size` entries that one of `from` did not have whole, in order. */
export function* bundlesAfter(from: number, size: number): Generator<BundleId> {
  for (let index = Math.floor(from / fullWidth); index * fullWidth < size; index++) {
    const width = Math.min(fullWidth, size - index * fullWidth);
    if (index * fullWidth + width > from) yield { index, width };
  }
}

/** @throws LedgerRefusal `entries-missing`, `entries-malformed` */
export async function readBundle(source: LogSource, of: BundleId): Promise<Uint8Array[]> {
  const first = (full: Uint8Array): Uint8Array =>
    encodeEntryBundle(entriesOf(full, { ...of, width: fullWidth }).slice(0, of.width));
  return entriesOf(await source.file({ level: 'entries', ...of }, first), of);
}

function entriesOf(bundle: Uint8Array | undefined, of: BundleId): Uint8Array[] {
  const path = tilePath({ level: 'entries', ...of });
  if (bundle === undefined) throw new LedgerRefusal('entries-missing', path);
  try {
    return parseEntryBundle(bundle, of.width);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new LedgerRefusal('entries-malformed', path, { cause });
  }
}
