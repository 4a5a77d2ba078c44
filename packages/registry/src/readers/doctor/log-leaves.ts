import { leafHash } from '@recourse/ledger';
import {
  entrySchema,
  jcs,
  parseStrictJson,
  toBase64url,
  utf8,
  type Entry,
} from '@recourse/protocol';
import type { Difference } from '../entries/difference.ts';
import { numbered, type Line, type Spool, type Spools } from '../entries/spool.ts';
import type { Part } from './part.ts';

export type SealedEntry = Extract<Entry, { digest: string }>;
type PublicEntry = Extract<Entry, { detail: unknown }>;

/** An entry at its place; those that wait come after the size of the log. */
export interface PlacedEntry<E> {
  readonly index: number;
  readonly entry: E;
}

/** The entries whose openings or audit rows have to be found, by their leaf hashes. */
export class LogLeaves {
  /** Leaf, index, type, and `ref` or `pair` of entries of sanctions and disclosures */
  readonly #sealed: Spool;
  /** Leaf, index, time, count and root of `calls` entries */
  readonly #calls: Spool;
  readonly #from: number;
  /** Compared before, and not yet come by, in hex */
  readonly #waited: Set<string>;
  size: number;

  constructor(spools: Spools, { edge, from, to, waited }: Part) {
    this.#sealed = spools.spool();
    this.#calls = spools.spool();
    this.size = to === undefined ? (edge?.size ?? 0) : from;
    this.#from = from;
    this.#waited = new Set(waited);
  }

  get sealed(): number {
    return this.#sealed.size;
  }

  get calls(): number {
    return this.#calls.size;
  }

  /** @returns the entry when it is public, `false` when it is none of this schema */
  add(text: string): PlacedEntry<PublicEntry> | boolean {
    const index = this.size++;
    if (index < this.#from) return true;
    const entry = parseEntry(text);
    if (!entry) return false;
    const hash = leafHash(utf8(text));
    const isNew = !this.#waited.delete(Buffer.from(hash).toString('hex'));
    if ('detail' in entry) return { index, entry };
    if (!isNew) return true;
    const leaf = toBase64url(hash);
    if (entry.type === 'calls') {
      const { at, count, root } = entry;
      this.#calls.add(leaf, numbered(index), at, String(count), root);
    } else {
      const about = 'ref' in entry ? entry.ref : entry.pair;
      this.#sealed.add(leaf, numbered(index), entry.type, about);
    }
    return true;
  }

  sealedInOrder = (): Generator<Line, undefined> => firstOf(this.#sealed);
  callsInOrder = (): Generator<Line, undefined> => firstOf(this.#calls);

  /** One that waited, and was compared, is in the log by now, or waits. */
  *gone(): Generator<Difference> {
    for (const leaf of this.#waited)
      yield { code: 'entries-differ', what: `none has leaf ${leaf}` };
  }

  /** Salts are drawn for each entry, and roots are of leaves with an id of their call: none comes twice. */
  *twice(): Generator<Difference> {
    for (const spool of [this.#sealed, this.#calls]) {
      let before = '';
      for (const [leaf = '', index] of spool.sorted()) {
        if (leaf === before) yield { code: 'entries-differ', index: Number(index), what: notOne };
        before = leaf;
      }
    }
  }
}

export const notOne = 'no entry, or one that is there before';

function* firstOf(spool: Spool): Generator<Line, undefined> {
  let before: string | undefined;
  for (const line of spool.sorted()) {
    if (line[0] !== before) yield line;
    before = line[0];
  }
  return undefined;
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
