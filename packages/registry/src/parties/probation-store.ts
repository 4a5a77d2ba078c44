import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { probationSample } from '../records/membership.rules.ts';

/**
 * The first records of each probation that answer and that nobody examines or examined, appealed or not: what came first
 * stays first, whatever became of it.
 */
const unexamined = (now: Date) => sql`
  select f.id, f.submitted_at from parties p
  cross join lateral (
    select s.* from sanctions s
    where s.party = p.id and s.submitted_at < p.probation_until
    order by s.submitted_at, s.id limit ${probationSample}
  ) f
  where p.probation_until is not null and f.visible_recorded and not f.end_recorded
    and least(f.expires_at, f.amended_until) > ${now}
    and not exists (select from ends e where e.sanction = f.id)
    and not exists (select from inspections u where u.sanction = f.id)`;

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
