import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { WaitingGroup, Load } from '@recourse/protocol/review';
import { waits } from './assignment-store.ts';

/** True of an assignment `c` on an open case: not decided by its reviewer yet. */
const isOpen = sql`c.released_at is null and not exists (
  select from decisions d where d.review = c.review and d.holder = c.holder)`;

/** Evidence is owed for it, or an answer of the creator: it does not wait for its reviewer. */
const waitsForOthers = (now: Date) => sql`(c.keyed_at is not null and (
  r.evidence_due_at is not null or exists (
    select from questions q where q.appeal = r.id and q.answered_at is null and q.due_at > ${now})))`;

/** A batch counts once. */
export async function loadOf(
  db: Db,
  { now, holder }: { holder: string; now: Date },
): Promise<Load> {
  const { rows } = await sql<Load>`
    select (count(distinct c.batch) filter (where not ${waitsForOthers(now)}))::int as waiting,
      count(distinct c.batch)::int as "all"
    from assignments c join open_reviews r on r.id = c.review
    where c.holder = ${holder} and ${isOpen}
      and (c.keyed_at is not null or c.expires_at > ${now})`.execute(db);
  return rows[0] ?? { waiting: 0, all: 0 };
}

/** Cases that a reviewer gave back since, and since they were excused. */
export async function countRecusals(
  db: Db,
  { holder, since }: { holder: string; since: Date },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct c.batch)::int as n from assignments c join holders h on h.id = c.holder
    where c.holder = ${holder} and c.released_as = 'recused'
      and c.released_at > greatest(${since}::timestamptz, h.excused_at)`.execute(db);
  return rows[0]?.n ?? 0;
}

/** False where nobody of this id sits on the panel. */
export async function excuse(
  db: Db,
  { at, holder }: { holder: string; at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('holders')
    .set({ excused_at: at })
    .where('id', '=', holder)
    .where('party', '=', 'panel')
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The groups on whose records cases wait. A party counts to each that it was in, as everywhere. */
export async function groupsWaiting(db: Db, now: Date): Promise<WaitingGroup[]> {
  const { rows } = await sql<WaitingGroup>`
    with owed as (
      select s.party, count(distinct (c.batch, c.holder)) as n from assignments c join open_reviews r on r.id = c.review
      join sanctions s on s.id = r.sanction
      where ${isOpen} and c.expires_at > ${now}
        and (c.keyed_at is null or r.evidence_due_at is not null)
      group by s.party
    )
    select g.name as "group", t.at as "lastAt", coalesce(sum(o.n), 0)::int as owing
    from parties p cross join lateral groups_of(p.id, ${now}) as g(name)
    left join owed o on o.party = p.id left join panel_turns t on t.group_name = g.name
    group by g.name, t.at
    having bool_or(p.id in (
      select s.party from open_reviews r join sanctions s on s.id = r.sanction where ${waits(now)}))`.execute(
    db,
  );
  return rows;
}

/** A case was assigned: the next turn of each group of its submitter comes after those of the others. */
export async function takeTurn(
  db: Db,
  { now, sanction }: { sanction: string; now: Date },
): Promise<void> {
  await sql`
    insert into panel_turns (group_name, at)
    select g.name, ${now}::timestamptz from sanctions s
    cross join lateral groups_of(s.party, ${now}) as g(name)
    where s.id = ${sanction} order by g.name
    on conflict (group_name) do update set at = greatest(panel_turns.at, excluded.at)`.execute(db);
}
