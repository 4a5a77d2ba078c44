import { sql } from 'kysely';
import type { TokenLookup, Voucher } from './context.ts';
import type { Db } from '../kernel/database.ts';
import type { TicketsTable } from '../schema/claimants.ts';

/** Uses a ticket up; undefined when there is none, or it was used, or is too old. */
export async function useTicket(
  db: Db,
  { now, request }: { request: string; now: Date },
): Promise<(TokenLookup & Voucher) | undefined> {
  return (
    db
      .updateTable('tickets')
      .set({ used_at: now })
      .where('request', '=', request)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      // The driver reads a bigint as text; epochs are below 2^32.
      .returning(['lookup', 'party', 'kind', 'at', sql<number>`epoch::float8`.as('epoch')])
      .executeTakeFirst()
  );
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

/** A check of a party: one of another reads like none. */
export const checkOf = (db: Db, { check, party }: { check: string; party: string }) =>
  db
    .selectFrom('checks')
    .select(['proven_at', 'asked'])
    .where('id', '=', check)
    .where('party', '=', party)
    .executeTakeFirst();
