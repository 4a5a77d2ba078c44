import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../kernel/database.ts';

const atOnce = 2_000;
let cursors = 0;

/**
 * The rows of a query without parameters, read by a cursor of the open transaction. Each cursor has a name of its own:
 * a statement that was prepared for one would read the columns of another.
 */
export async function* readRows<R>(db: Db, query: RawBuilder<R>): AsyncGenerator<R> {
  const cursor = sql.id(`doctor_${++cursors}`);
  await sql`declare ${cursor} no scroll cursor for ${query}`.execute(db);
  for (;;) {
    const { rows } = await sql<R>`fetch ${sql.lit(atOnce)} from ${cursor}`.execute(db);
    yield* rows;
    if (rows.length < atOnce) break;
  }
  await sql`close ${cursor}`.execute(db);
}
