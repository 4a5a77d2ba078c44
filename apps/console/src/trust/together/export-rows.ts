import { csvFile } from '../../parts/csv.ts';
import { download } from '../../parts/download.ts';
import { whomOf } from '../name-of.ts';
import type { Owed } from '../owed.ts';

/** As much of what is owed as a file and a form for many say. */
export type Row = Pick<Owed, 'id' | 'what' | 'about' | 'dueAt' | 'href'>;

/** Hands rows to the person as a table: what the screen says of them, and no identifier. */
export function exportRows(rows: readonly Row[], whyOf?: (row: Row) => string): void {
  const heads = ['what', 'whom', 'by when', 'id', ...(whyOf ? ['why'] : [])];
  const lines = rows.map((row) => [
    row.what,
    whomOf(row.about),
    row.dueAt ?? '',
    row.id,
    ...(whyOf ? [whyOf(row)] : []),
  ]);
  download(csvFile([heads, ...lines]), 'owed.csv');
}
