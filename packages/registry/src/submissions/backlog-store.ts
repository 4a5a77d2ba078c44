import { sql } from 'kysely';
import type { Backlog } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';

/** Counts what waits before the panel on records of a party's group, as an expression of a statement about it. */
const backlogOf = (party: string, at: Date) =>
  sql<Backlog>`(select jsonb_build_object('waiting', b.waiting, 'decidedIn30Days', b.decided, 'isAsked', b.asked)
    from backlog_of(${party}, ${at}) b)`;

const held = sql`backlogged and backlog_over_at is null and not end_recorded`;

/** How a group's backlog stands, and how many records of the party are held for it. */
export async function readBacklog(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<{ backlog: Backlog; held: number }> {
  const { rows } = await sql<{ backlog: Backlog; held: number }>`
    select ${backlogOf(party, now)} as backlog,
      (select count(*)::int from sanctions where party = ${party} and ${held}) as held`.execute(db);
  return rows[0] ?? { backlog: { waiting: 0, decidedIn30Days: 0, isAsked: false }, held: 0 };
}

/** Parties with records that are held for a backlog. */
export async function backlogged(db: Db): Promise<string[]> {
  const { rows } = await sql<{ party: string }>`
    select distinct party from sanctions where ${held} order by party`.execute(db);
  return rows.map(({ party }) => party);
}

/**
 * There are fewer: the records of a party that were held for it are held as any other from here on, and answer at that
 * instant where their own hold is over. What somebody else has locked is left for the next time.
 * @returns which
 */
export async function release(
  db: Db,
  { party, limit, at }: { party: string; at: Date; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from sanctions where party = ${party} and ${held}
    order by id limit ${limit} for update skip locked`.execute(db);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return ids;
  await sql`update subjects set review_from = greatest(review_from, ${at})
    where sanction = any(${ids}::text[]) and review_from is not null`.execute(db);
  await sql`update sanctions set backlog_over_at = ${at},
    visible_from = case when notified_at is not null then greatest(visible_from, ${at}) end,
    others_from = case when notified_at is not null then greatest(others_from, ${at}) end
    where id = any(${ids}::text[])`.execute(db);
  return ids;
}
