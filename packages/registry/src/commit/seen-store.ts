import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { tableToEmpty, type SeenTable } from './seen-calls.ts';

/** @returns the table of calls that is to be emptied now; undefined while there is none, or it is empty */
export async function findTableToEmpty(db: Db, now: Date): Promise<SeenTable | undefined> {
  const table = tableToEmpty(now);
  if (!table) return undefined;
  const { rows } = await sql`select from ${sql.table(table)} limit 1`.execute(db);
  return rows.length > 0 ? table : undefined;
}

/** @throws 55P03, lock_not_available, where somebody reads it, for example a dump */
export async function emptyTable(db: Db, table: string, now: Date): Promise<void> {
  await sql`select empty_seen(${table}, ${now})`.execute(db);
}
