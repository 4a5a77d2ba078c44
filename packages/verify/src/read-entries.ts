import {
  encodeEntryBundle,
  LedgerError,
  parseEntryBundle,
  tilePath,
  type TilePath,
} from '@recourse/ledger';
import {
  entrySchema,
  fromUtf8,
  jcs,
  parseStrictJson,
  ProtocolError,
  type Entry,
} from '@recourse/protocol';
import { VerifyError } from './errors.ts';
import type { LogSource } from './log-source.ts';

const fullWidth = 256;
const inFlight = 8;

/** A bundle of `width` entries, from `index * 256` on. */
export interface BundleId {
  readonly index: number;
  readonly width: number;
}

/**
 * The bundles of a tree of `size` entries that one of `from` did not have whole, in order.
 * @throws VerifyError `entries-missing`, `entries-malformed`
 */
export const readBundles = (
  source: LogSource,
  { from, size }: { from: number; size: number },
): AsyncGenerator<Uint8Array[]> =>
  readAhead(bundlesAfter(from, size), (id) => readBundle(source, id));

export function* bundlesAfter(from: number, size: number): Generator<BundleId> {
  for (let index = Math.floor(from / fullWidth); index * fullWidth < size; index++) {
    const width = Math.min(fullWidth, size - index * fullWidth);
    if (index * fullWidth + width > from) yield { index, width };
  }
}

export async function readBundle(source: LogSource, id: BundleId): Promise<Uint8Array[]> {
  const path: TilePath = { level: 'entries', ...id };
  const first = (full: Uint8Array): Uint8Array =>
    encodeEntryBundle(entriesOf(full, { ...path, width: fullWidth }).slice(0, id.width));
  return entriesOf(await source.file(path, first), path);
}

function entriesOf(bundle: Uint8Array | undefined, path: TilePath): Uint8Array[] {
  if (bundle === undefined) throw new VerifyError('entries-missing', tilePath(path));
  try {
    return parseEntryBundle(bundle, path.width);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    throw new VerifyError('entries-malformed', tilePath(path), { cause });
  }
}

/**
 * An entry as the ledger has it: JSON without ambiguity, of the schema, and in the one spelling of RFC 8785.
 * @returns undefined for anything else
 */
export function readEntry(bytes: Uint8Array): Entry | undefined {
  try {
    const { success, data } = entrySchema.safeParse(parseStrictJson(bytes));
    return success && jcs(data) === fromUtf8(bytes) ? data : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Results of `read` in the order of `items`, with a few reads in flight. */
export async function* readAhead<I, R>(
  items: Iterable<I>,
  read: (item: I) => Promise<R>,
): AsyncGenerator<R> {
  const flying: Promise<R>[] = [];
  for (const item of items) {
    const flight = read(item);
    // One that fails is thrown in its turn, and not before; after an earlier one, never.
    flight.catch(() => undefined);
    flying.push(flight);
    if (flying.length >= inFlight) yield await flying.shift()!;
  }
  while (flying.length > 0) yield await flying.shift()!;
}
