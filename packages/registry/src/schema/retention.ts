import type { Table } from './define-table.ts';
import type { Kept, RetentionRule } from './kept.ts';
import { tables } from './tables.ts';

/** Columns of a table by the rule that keeps them */
export const retentionOf = ({ name, columns }: Table): RetentionRule[] =>
  [...Map.groupBy(Object.keys(columns), (column) => columns[column]!.kept)].map(
    ([kept, names]: [Kept, string[]]) => ({ table: name, columns: names, ...kept }),
  );

/** Every column of the database: why it is kept, in what form, and how long. An erasure takes what it says to go. */
export const retention: readonly RetentionRule[] = tables.flatMap(retentionOf);
