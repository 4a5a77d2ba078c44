import { leafHash } from '@recourse/ledger';
import {
  entrySchema,
  jcs,
  parseStrictJson,
  toBase64url,
  utf8,
  type Entry,
} from '@recourse/protocol';

export type SealedEntry = Extract<Entry, { digest: string }>;
export type CallsEntry = Extract<Entry, { type: 'calls' }>;
type PublicEntry = Extract<Entry, { detail: unknown }>;

/** An entry at its place; those that wait come after the size of the log. */
export interface PlacedEntry<E> {
  readonly index: number;
  readonly entry: E;
}

/** Every entry, by leaf hash. */
export class LogIndex {
  /** Entries of sanctions and disclosures: their openings find them again */
  readonly sealed = new Map<string, PlacedEntry<SealedEntry>>();
  readonly calls = new Map<string, PlacedEntry<CallsEntry>>();
  /** Leaf hashes of public entries: those of calls have openings, too */
  readonly public = new Set<string>();
  size = 0;

  /** @returns the entry when it is public, `false` when it is none of this schema or there twice */
  add(text: string): PlacedEntry<PublicEntry> | boolean {
    const index = this.size++;
    const entry = parseEntry(text);
    if (!entry) return false;
    const leaf = toBase64url(leafHash(utf8(text)));
    if ('detail' in entry) {
      this.public.add(leaf);
      return { index, entry };
    }
    return entry.type === 'calls'
      ? added(this.calls, leaf, { index, entry })
      : added(this.sealed, leaf, { index, entry });
  }
}

/** Salts are drawn for each entry, and roots are of leaves with an id of their call: none comes twice. */
function added<T>(map: Map<string, T>, leaf: string, value: T): boolean {
  if (map.has(leaf)) return false;
  map.set(leaf, value);
  return true;
}

/** The entry that a text is, byte by byte; none of this schema is `undefined`. */
export function parseEntry(text: string): Entry | undefined {
  try {
    const { data } = entrySchema.safeParse(parseStrictJson(utf8(text)));
    return data && jcs(data) === text ? data : undefined;
  } catch {
    // Not JSON at all.
    return undefined;
  }
}
