import { sql } from 'kysely';
import type { Db, TicketsTable } from '../database.ts';
import type { TokenLookup } from './context.ts';

/** False when the request was vouched for already. */
export async function insertTicket(
  db: Db,
  ticket: Omit<TicketsTable, 'used_at'>,
): Promise<boolean> {
  const row = await db
    .insertInto('tickets')
    .values({ ...ticket, used_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning('request')
    .executeTakeFirst();
  return row !== undefined;
}

/** Uses a ticket up; undefined when there is none, or it was used, or is too old. */
export async function useTicket(
  db: Db,
  of: { request: string; now: Date },
): Promise<TokenLookup | undefined> {
  return (
    db
      .updateTable('tickets')
      .set({ used_at: of.now })
      .where('request', '=', of.request)
      .where('used_at', 'is', null)
      .where('expires_at', '>', of.now)
      // The driver reads a bigint as text; epochs are below 2^32.
      .returning(['lookup', sql<number>`epoch::float8`.as('epoch')])
      .executeTakeFirst()
  );
}
