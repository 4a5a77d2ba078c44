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
      .returning([
        'lookup',
        'party',
        'kind',
        'at',
        'check_id as check',
        sql<number>`epoch::float8`.as('epoch'),
      ])
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

/** The check that a ticket costs: one element, under which nothing is asked. */
export const insertVouching = (
  db: Db,
  { id, party, at }: { id: string; party: string; at: Date },
): Promise<unknown> =>
  db
    .insertInto('checks')
    .values({ id, party, purpose: 'vouching', elements: 1, proven_at: null, ref: null, at })
    .execute();

interface ToldVoucher {
  readonly match: string;
  readonly check: string;
  readonly party: string;
  readonly sanction: string;
  readonly version: number;
  readonly positions: readonly number[];
  readonly lookup: Uint8Array;
  readonly at: Date;
}

/**
 * Writes down that a platform which vouched was told of a record.
 * @returns whether it was not told of that version before
 */
export async function insertToldVoucher(db: Db, voucher: ToldVoucher): Promise<boolean> {
  const { sanction, version, party, at, match, check, lookup } = voucher;
  const first = await db
    .insertInto('disclosures')
    .values({ sanction, version, party, at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('sanction')
    .executeTakeFirst();
  await db
    .insertInto('checked_subjects')
    .values({ check_id: check, lookup })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .insertInto('matches')
    .values({
      id: match,
      check_id: check,
      party,
      sanction,
      version,
      purpose: 'vouching',
      positions: [...voucher.positions],
      told_at: at,
      due_at: null,
    })
    .execute();
  return first !== undefined;
}
