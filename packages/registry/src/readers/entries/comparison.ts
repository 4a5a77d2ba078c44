import type { EntryReaders, Json } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import type { Scope } from './scope.ts';

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
  /** Rows of all parties, and of the cases that are compared */
  readonly rows: (db: Db, cases: Scope) => AsyncIterable<ComparedRow>;
  /** Days after which rows go: by the newest entry an older one needs none */
  readonly keptDays?: number;
}

/** What a key is about. */
export const aboutOf = (key: string): string => key.split(' ', 1)[0] ?? key;

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
