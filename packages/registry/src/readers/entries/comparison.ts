import { readEntry, type EntryReaders, type Json } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import type { FoundDifference } from './difference.ts';

/** An entry with its detail readable. */
export interface ReadEntry {
  readonly index: number;
  readonly type: string;
  readonly at: string;
  readonly detail: Readonly<Record<string, Json>>;
  readonly sanction?: string | undefined;
  readonly party?: string | undefined;
  readonly ack?: string | undefined;
}

/** A statement of an entry that a row has to make, too. */
export interface RowExpectation {
  /** None where the entry takes something back */
  readonly key?: string;
  /** Only the newest of several entries about one of these counts */
  readonly instead?: string;
  /** Nothing that entries before this one say has a row any more */
  readonly forgets?: true;
}

/** Statements of a row that an entry has to make; the first word of a key says which columns it is about. */
export interface ComparedRow {
  readonly id: string;
  readonly keys: readonly string[];
  /** The case it belongs to: where openings of that case are lost, nothing can be said of it */
  readonly sanction?: string;
}

/** One kind of thing that has rows and entries. */
export interface Kind {
  readonly table: string;
  /** Reads what entries say, by their type */
  readonly said: EntryReaders<ReadEntry, readonly RowExpectation[]>;
  readonly rows: (db: Db) => AsyncIterable<ComparedRow>;
  /** Days after which rows go: by the newest entry an older one needs none */
  readonly keptDays?: number;
}

/** Compares the rows of one kind with the entries about it. */
export class Comparison {
  readonly kind: Kind;
  rows = 0;
  entries = 0;
  /** The entries that say a thing and have no row yet */
  readonly #said = new Map<string, Pick<ReadEntry, 'index' | 'at'>[]>();
  #newestAt = '';
  readonly #newest = new Map<string, string | undefined>();

  constructor(kind: Kind) {
    this.kind = kind;
  }

  /** Public entries come in the order of the log, those of cases in none. @returns whether it is about this kind */
  take(entry: ReadEntry): boolean {
    const said = readEntry(this.kind.said, entry) ?? [];
    if (said.length > 0 && entry.at > this.#newestAt) this.#newestAt = entry.at;
    for (const { key, instead, forgets } of said) {
      if (forgets) this.#said.clear();
      if (instead !== undefined) this.#replace(instead, key);
      if (key !== undefined) this.#said.set(key, [...(this.#said.get(key) ?? []), entry]);
    }
    if (said.length > 0) this.entries++;
    return said.length > 0;
  }

  /** @param of `lost` the cases whose openings cannot be read */
  async *differences(
    db: Db,
    { lost }: { lost: ReadonlySet<string> },
  ): AsyncGenerator<FoundDifference, void, undefined> {
    const { table } = this.kind;
    for await (const { id, keys, sanction } of this.kind.rows(db)) {
      this.rows++;
      const isLost = sanction !== undefined && lost.has(sanction);
      for (const key of keys) {
        if (this.#has(key) || isLost) continue;
        yield { code: 'row-not-logged', table, id, what: aboutOf(key), says: key };
      }
    }
    for (const [key, entries] of this.#said) {
      for (const { index, at } of entries) {
        if (this.#isPast(at)) continue;
        yield { code: 'entry-without-row', table, index, what: aboutOf(key), says: key };
      }
    }
  }

  #isPast(at: string): boolean {
    const { keptDays = Infinity } = this.kind;
    return Date.parse(this.#newestAt) - Date.parse(at) > keptDays * 86_400_000;
  }

  #replace(what: string, key: string | undefined): void {
    const former = this.#newest.get(what);
    if (former !== undefined) this.#said.delete(former);
    this.#newest.set(what, key);
  }

  #has(key: string): boolean {
    const [, ...others] = this.#said.get(key) ?? [];
    const found = this.#said.has(key);
    if (others.length > 0) this.#said.set(key, others);
    else this.#said.delete(key);
    return found;
  }
}

const aboutOf = (key: string): string => key.split(' ', 1)[0] ?? key;

/** A key of a row or an entry: what it is about, then what is said. */
export const says = (about: string, ...values: readonly unknown[]): string =>
  [about, ...values.map(textOf)].join(' ');

/** Returns what one entry says of one row. */
export const logged = (about: string, ...values: readonly unknown[]): RowExpectation[] => [
  { key: says(about, ...values) },
];

/** A value as it stands in a key */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '-');
