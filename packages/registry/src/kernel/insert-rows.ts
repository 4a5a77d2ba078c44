import { sql, type Insertable, type RawBuilder } from 'kysely';
import type { Database } from './database.ts';

/**
 * A new row with every column of its table, but for those that are written later: one that is left out, or that the table
 * does not have, fails to compile.
 */
export type NewRow<Table, Later extends keyof Table = never> = Required<
  Insertable<Pick<Table, Exclude<keyof Table, Later>>>
>;

/**
 * An insert of rows that travel as JSON. Its columns are the members of the rows, so that no list of them can leave one
 * out.
 */
export function insertRows<T extends keyof Database>(
  table: T,
  rows: readonly Insertable<Database[T]>[],
): RawBuilder<unknown> {
  const members = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns = sql.join([...members].map((member) => sql.id(member)));
  return sql`${sql.raw(`insert into ${table}`)} (${columns})
    select ${columns}
    from jsonb_populate_recordset(${sql.raw(`null::${table}`)}, ${rows.map(asJson)}::jsonb)`;
}

/** Bytes as PostgreSQL reads them from JSON */
const asJson = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array
        ? String.raw`\x${Buffer.from(value).toString('hex')}`
        : (value as unknown),
    ]),
  );
