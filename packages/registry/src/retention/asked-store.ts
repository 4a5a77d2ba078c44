import { sql, type RawBuilder } from 'kysely';
import { oldestCheck } from '../lookup/checks/check.rules.ts';
import type { Db } from '../kernel/database.ts';

/** Checks that may ask no more, and still have marks of what was asked under them. */
const over = (now: Date): RawBuilder<unknown> => sql`asked <> '{}' and at < ${oldestCheck(now)}`;

export async function countOverAsked(
  db: Db,
  { now, most }: { now: Date; most?: number },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (
      select from checks where ${over(now)} limit ${most ?? 1_000_000}) c`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Forgets what was asked under some of them. @returns how many */
export async function forgetAsked(
  db: Db,
  { now, limit }: { now: Date; limit: number },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update checks set asked = '{}' where id in (
      select id from checks where ${over(now)} order by id limit ${limit}
      for no key update skip locked)`.execute(db);
  return Number(numAffectedRows);
}

/**
 * Writes down that a submitter asked. The caller holds the locks of the party and of the sanction.
 * @returns false where it was asked about before
 */
export async function setAsked(
  db: Db,
  { at, appeal }: { appeal: string; at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('redecisions')
    .set({ asked_at: at })
    .where('appeal', '=', appeal)
    .where('asked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** How many more reversals a submitter may ask about in a quarter. */
export async function leftToAsk(
  db: Db,
  { party, quarter }: { party: string; quarter: Date },
): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select left_to_ask(${party}, ${quarter}) as left`.execute(db);
  return rows[0]?.left ?? 0;
}
