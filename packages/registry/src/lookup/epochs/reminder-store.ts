import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import { hasSubjects } from './store.ts';

/** Before the older epoch closes, of the fourteen that both are live. */
const lastCallDays = 5;

/** A platform that has to be told, with one of its records and when that ends. */
export interface OwedReminder {
  readonly party: string;
  readonly sanction: string;
  readonly due_at: Date;
}

/**
 * Platforms with live records that lack tokens of the newer epoch, and that were not told so: when both epochs are live,
 * and once more before the older one closes and takes those records with it.
 */
const untold = (now: Date): RawBuilder<OwedReminder> => sql<OwedReminder>`
  select p.id as party, o.sanction, z.before_closes_at as due_at
  from rotations z cross join parties p
  cross join lateral (
    select s.id as sanction from sanctions s
    where s.epoch = z.epoch - 1 and s.party = p.id
      and s.submitted_at is not null and not s.end_recorded and ${hasSubjects}
    order by s.id limit 1) o
  where z.opens_at <= ${now} and z.before_closes_at > ${now}
    and not exists (select from events e
      where e.party = p.id and e.type = 'retokenise-reminder' and e.at >= case
        when ${now} >= z.before_closes_at - make_interval(days => ${lastCallDays})
        then z.before_closes_at - make_interval(days => ${lastCallDays}) else z.opens_at end)`;

export async function countUntold(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${untold(now)}) o`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Platforms that have to be told, but for some. */
export async function findUntold(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<OwedReminder>`
    select * from (${untold(now)}) o where o.party <> all(${[...except]}::text[])
    order by due_at, party limit ${limit}`.execute(db);
  return rows.map(({ party }) => party);
}

/**
 * Takes what one platform has to be told, with its row held until the commit; nothing while somebody else holds that.
 */
export async function takeUntold(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<(OwedReminder & { readonly version: number })[]> {
  const { rows: held } = await sql`
    select from parties where id = ${party} for no key update skip locked`.execute(db);
  if (held.length === 0) return [];
  const { rows } = await sql<OwedReminder & { version: number }>`
    select o.*, s.version from (${untold(now)}) o join sanctions s on s.id = o.sanction
    where o.party = ${party}`.execute(db);
  return rows;
}
