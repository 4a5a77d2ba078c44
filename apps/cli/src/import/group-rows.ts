import type { Row } from './columns.ts';

/** The adjacent rows of one `external_id`: one sanction with one or several identifiers. */
export type RowGroup = readonly [Row, ...Row[]];

export async function* groupRows(rows: AsyncIterable<Row>): AsyncGenerator<RowGroup> {
  let group: [Row, ...Row[]] | undefined;
  for await (const row of rows) {
    if (group && belongs(row, group[0])) group.push(row);
    else {
      if (group) yield group;
      group = [row];
    }
  }
  if (group) yield group;
}

/** A row that cannot be read, or names no record, stands alone. */
function belongs(row: Row, first: Row): boolean {
  const id = row.values.external_id;
  return id !== undefined && id === first.values.external_id && !row.broken && !first.broken;
}
