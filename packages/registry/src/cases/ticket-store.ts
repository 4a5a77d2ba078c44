import { sql } from 'kysely';
import type { Db, TicketsTable } from '../kernel/database.ts';
import type { TokenLookup, Voucher } from './context.ts';

/** When tickets were issued that open a case, or would have opened it in their time. */
export async function ticketsOf(db: Db, sanction: string): Promise<{ at: Date }[]> {
  const { rows } = await sql<{ at: Date }>`
    select t.at from tickets t
    join sanctions s on s.id = ${sanction} and s.submitted_at < t.expires_at
    where exists (
      select from subjects u
      where u.sanction = s.id and u.lookup = t.lookup and u.epoch = t.epoch and u.kind = t.kind
        and u.detached_at is null
    )
    order by t.at`.execute(db);
  return rows;
}

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
): Promise<(TokenLookup & Voucher) | undefined> {
  return (
    db
      .updateTable('tickets')
      .set({ used_at: of.now })
      .where('request', '=', of.request)
      .where('used_at', 'is', null)
      .where('expires_at', '>', of.now)
      // The driver reads a bigint as text; epochs are below 2^32.
      .returning(['lookup', 'party', 'kind', sql<number>`epoch::float8`.as('epoch')])
      .executeTakeFirst()
  );
}
