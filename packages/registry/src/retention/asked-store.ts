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
