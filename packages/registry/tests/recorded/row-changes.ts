import { createHash } from 'node:crypto';
import type { DatabaseCopy, Row, TableCopy } from './database-copy.ts';

export interface RowChanges {
  readonly added?: readonly Row[];
  /** Of each column what it was, and what it is */
  readonly changed?: Readonly<Record<string, Readonly<Record<string, [unknown, unknown]>>>>;
  readonly removed?: readonly string[];
}

/** The log itself, which is compared with what was signed, and what waited for it. */
const log: ReadonlySet<string> = new Set(['ledger_entries', 'ledger_tiles', 'ledger_pending']);

/** Sealed or drawn while it runs, numbered in the order in which a statement meets its rows, or what follows from others. */
const hiddenColumns: Readonly<Record<string, readonly string[]>> = {
  openings: ['jti', 'opening', 'txid'],
  prefix_changes: ['seq'],
  sanctions: ['next_at'],
};

/** What differs between two copies of a database, beside the log: by table, and by the primary key of the row. */
export function changesBetween(
  before: DatabaseCopy,
  after: DatabaseCopy,
): Record<string, RowChanges> {
  const changes = Object.entries(after)
    .filter(([name]) => !log.has(name))
    .map(
      ([name, table]) => [name, ofTable(rowsOf(name, before[name]), rowsOf(name, table))] as const,
    );
  return Object.fromEntries(changes.filter(([, of]) => Object.keys(of).length > 0));
}

type Rows = ReadonlyMap<string, Row>;

function rowsOf(name: string, table: TableCopy | undefined): Rows {
  const hidden = hiddenColumns[name] ?? [];
  return new Map(
    table?.rows.map((row) => {
      const shown = Object.entries(row).filter(([column]) => !hidden.includes(column));
      const values = Object.fromEntries(shown.map(([column, value]) => [column, short(value)]));
      return [table.key.map((column) => String(row[column])).join(' '), values];
    }),
  );
}

/** What is long is told by its hash. */
const short = (value: unknown): unknown =>
  typeof value === 'string' && value.length > 100
    ? `${value.length} characters, sha256 ${createHash('sha256').update(value).digest('hex')}`
    : value;

function ofTable(before: Rows, after: Rows): RowChanges {
  // In no order that a drawn member of a key decides.
  const added = [...after]
    .flatMap(([id, row]) => (before.has(id) ? [] : [row]))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const removed = [...before.keys()].filter((id) => !after.has(id));
  const changed = [...after].flatMap(([id, row]) => {
    const cells = changedCells(before.get(id) ?? row, row);
    return cells.length > 0 ? [[id, Object.fromEntries(cells)] as const] : [];
  });
  return {
    ...(added.length > 0 ? { added } : {}),
    ...(changed.length > 0 ? { changed: Object.fromEntries(changed) } : {}),
    ...(removed.length > 0 ? { removed } : {}),
  };
}

const changedCells = (before: Row, after: Row): [string, [unknown, unknown]][] =>
  Object.entries(after).flatMap(([column, is]): [string, [unknown, unknown]][] => {
    const was = before[column];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [[column, [was, is]]];
  });
