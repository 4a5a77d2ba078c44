import type { CountedCase, Id } from '@recourse/protocol';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { addDays } from '@recourse/protocol/review';
import { inquiryDays, windowDays, type PanelResponse, type Figures } from './rates.rules.ts';

/** How a party stands, by what its group is judged by, with the record that the newest reversal is about. */
export interface Standing extends Figures, PanelResponse {
  readonly party: string;
  readonly sanction: string | null;
}

const standings = (parties: RawBuilder<unknown>, now: Date): RawBuilder<Standing> => sql<Standing>`
  select p.id as party, c.*,
    (select max(w.at) from party_warnings w where w.party = any(g.members)) as "warnedAt",
    (
      select max(i.opened_at) from panel_items i
      where i.party = any(g.members) and i.kind in ('party-suspension', 'inquiry')
    ) as "askedAt",
    exists (
      select from panel_items i
      where i.party = any(g.members) and i.kind in ('party-suspension', 'inquiry')
        and i.closed_at is null
    ) as "isAsked",
    exists (
      select from party_suspensions u
      where u.party = any(g.members) and u.item is not null and u.lifted_at is null
    ) as "isSuspended",
    k.*
  from (${parties}) p
  cross join lateral (select array(select group_members(p.id, ${now})) as members) g
  cross join lateral (
    select count(*)::int as looks, coalesce(bool_or(i.closed_at is null), false) as "isLookedAt"
    from panel_items i
    where i.party = any(g.members) and i.kind = 'strikes' and i.opened_at > ${addDays(now, -windowDays)}
  ) k
  cross join lateral (
    select count(*)::int as decided,
      (count(*) filter (where c.reversed))::int as reversed,
      (count(*) filter (where c.reversed and c.closed_at > ${addDays(now, -inquiryDays)}))::int
        as "reversedIn90Days",
      max(c.closed_at) filter (where c.reversed) as "newestReversal",
      (array_agg(c.sanction order by c.closed_at desc, c.id) filter (where c.reversed))[1] as sanction
    from counted_appeals(p.id, ${addDays(now, -windowDays)}, ${now}) c
  ) c`;

/** One party with its group, as the rows of this transaction have it. */
export async function readStanding(db: Db, party: string, now: Date): Promise<Standing> {
  const { rows } = await standings(sql`select ${party}::text as id`, now).execute(db);
  const [standing] = rows;
  if (!standing) throw new TypeError('a party without a standing');
  return standing;
}

/** The parties that any measure could be due for: three reversals are the fewest that matter. */
export async function accusedStandings(db: Db, now: Date): Promise<Standing[]> {
  const since = addDays(now, -windowDays);
  const { rows } = await standings(
    sql`with erred as materialized (
      select s.party, count(*) as times from (
        select a.sanction from appeals a where a.closed_at > ${since}
          and not (a.closed_as = 'decided' and a.outcome in ('upheld', 'amended', 'dismissed'))
        union all
        select u.sanction from inspections u where u.outcome = 'failed' and u.closed_at > ${since}
        union all
        select e.sanction from ends e where e.kind = 'withdrawn' and e.at > ${since}
      ) r join sanctions s on s.id = r.sanction group by s.party)
    select q.id from parties q where q.id like 'plt\\_%' and (
      select sum(r.times) from erred r where r.party in (select group_members(q.id, ${now}))
    ) >= 3 order by q.id`,
    now,
  ).execute(db);
  return rows;
}

/** Warned, unless a warning since an instant stands; whoever comes second finds it there. */
export async function insertWarning(
  db: Db,
  warning: { party: string; decided: number; reversed: number; at: Date; unlessSince: Date },
): Promise<boolean> {
  const { unlessSince, ...row } = warning;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('party_warnings')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('party')
        .doUpdateSet({ decided: row.decided, reversed: row.reversed, at: row.at })
        .where('party_warnings.at', '<=', unlessSince),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function versionOf(db: Db, sanction: string): Promise<number> {
  const { version } = await db
    .selectFrom('sanctions')
    .select('version')
    .where('id', '=', sanction)
    .executeTakeFirstOrThrow();
  return version;
}

interface CountedRow {
  readonly case: CountedCase;
  readonly party: Id<'plt'>;
  readonly closed_at: Date;
  readonly reversed: boolean;
}

/** What the figures of a group are made of, the newest first. */
export async function countedCases(
  db: Db,
  { party, at }: { party: string; at: Date },
): Promise<CountedRow[]> {
  const { rows } = await sql<CountedRow>`
    select c.id as case, s.party, c.closed_at, c.reversed
    from counted_appeals(${party}, ${addDays(at, -windowDays)}, ${at}) c
    join sanctions s on s.id = c.sanction
    order by c.closed_at desc, c.id limit ${mostCases}`.execute(db);
  return rows;
}

/** One answer shows so many. */
const mostCases = 1000;
