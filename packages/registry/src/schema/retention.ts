import type { Table } from './define-table.ts';
import type { Keep, RetentionRule } from './keep.ts';
import { tables } from './tables.ts';

/** Columns of a table by the rule that keeps them */
export const retentionOf = ({ name, columns }: Table): RetentionRule[] =>
  [...Map.groupBy(Object.keys(columns), (column) => columns[column]!.keep)].map(
    ([keep, names]: [Keep, string[]]) => ({ table: name, columns: names, ...keep }),
  );

/** Every column of the database: why it is kept, in what form, and how long. An erasure takes what it says to go. */
export const retention: readonly RetentionRule[] = tables.flatMap(retentionOf);
