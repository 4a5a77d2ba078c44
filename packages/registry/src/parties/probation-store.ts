import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { probationSample } from '../records/membership.rules.ts';
import { expiryInSql } from '../records/store.ts';

/**
 * The first records of each probation that answer and that nobody examines or examined, appealed or not: what came first
 * stays first, whatever became of it.
 */
const unexamined = (now: Date) => sql`
  select s.id, s.submitted_at from parties p
  cross join lateral (
    select f.* from sanctions f
    where f.party = p.id and f.submitted_at < p.probation_until
    order by f.submitted_at, f.id limit ${probationSample}
  ) s
  where p.probation_until is not null and s.visible_recorded and not s.end_recorded
    and ${sql.raw(expiryInSql)} > ${now}
    and not exists (select from ends e where e.sanction = s.id)
    and not exists (select from inspections u where u.sanction = s.id)`;

export async function findUnexamined(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${unexamined(now)}) u where id <> all(${[...except]}::text[])
    order by submitted_at, id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export async function countUnexamined(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${unexamined(now)}) u`.execute(db);
  return rows[0]?.n ?? 0;
}
