import { sql, type RawBuilder } from 'kysely';
import type { ReasonCode, Registration } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { erasedInLog } from '../entries/places-store.ts';

/** How often something happened to records, or was done about them. */
export interface RecordCount {
  readonly figure: string;
  readonly party: string;
  readonly reason: ReasonCode;
  readonly period: string;
  /** Whole days, where it is a duration */
  readonly days: number | null;
  /** Of records whose cases were erased, as the log says, too */
  readonly erased: boolean;
  readonly n: number;
}

/** Queries for what happened to records: each query names figure, party, instants and record. */
const happenings: readonly RawBuilder<unknown>[] = [
  sql`select 'submitted' as figure, s.party, s.submitted_at as at, null::timestamptz as since, s.id
    from sanctions s`,
  sql`select 'prior-match', s.party, s.submitted_at, null, s.id from sanctions s where s.prior_match`,
  sql`select 'notice.' || what, s.party, n.at, null, s.id
    from notice_deliveries d join sanctions s on s.id = d.sanction cross join lateral (values
      ('delivered', case when d.result = 'taken' or d.bounced_at is not null then d.result_at end),
      ('refused', case when d.result = 'refused' and d.bounced_at is null then d.result_at end),
      ('bounced', d.bounced_at)) as n(what, at) where n.at is not null`,
  sql`select 'notice.stated', s.party, s.stated_at, null, s.id from sanctions s
    where s.stated_at is not null`,
  sql`select 'notice.missing', s.party, e.at, null, s.id
    from ends e join sanctions s on s.id = e.sanction where e.cause = 'no-notice'`,
  sql`select 'disclosed', s.party, d.at, null, s.id
    from disclosures d join sanctions s on s.id = d.sanction`,
  sql`select 'listed', s.party, e.at, min(v.at), s.id
    from ends e join sanctions s on s.id = e.sanction
    join sanction_events v on v.sanction = s.id and v.event = 'visible'
    where e.kind = 'reversed' group by s.id, e.at`,
  sql`select 'appealed.' || a.ground, s.party, a.opened_at, null, s.id
    from appeals a join sanctions s on s.id = a.sanction`,
  sql`select 'recused', s.party, c.released_at, null, s.id
    from assignments c join sanctions s on s.id = c.sanction where c.released_as = 'recused'`,
  // What was undelivered or conceded either ended the record at that instant, or found that it had been wrong.
  sql`select 'outcome.' || case
      when a.closed_as in ('withdrawn', 'undecided', 'restored') then a.closed_as
      when a.outcome in ('upheld', 'amended', 'dismissed') then a.outcome
      when a.closed_as = 'decided' then a.outcome || '.' || a.cause
      when exists (select from ends e
        where e.sanction = a.sanction and e.at = a.closed_at and e.cause = a.cause)
        then 'reversed.' || a.cause
      else 'finding.' || a.cause end, s.party, a.closed_at, null, s.id
    from appeals a join sanctions s on s.id = a.sanction where a.closed_at is not null`,
  sql`select 'decision', s.party, a.closed_at, a.opened_at, s.id
    from appeals a join sanctions s on s.id = a.sanction where a.closed_as = 'decided'`,
  sql`select 'recall.issued-' || r.kind, r.party, r.issued_at, null, s.id
    from recalls r join sanctions s on s.id = r.sanction`,
  sql`select 'recall.' || coalesce(a.action, 'unknown') || case
      when date_trunc('second', a.at) <= date_trunc('second', r.due_at) then '' else '-late' end,
      r.party, a.at, null, s.id
    from acknowledgements a join recalls r on r.acknowledgement = a.recall
    join sanctions s on s.id = r.sanction`,
  sql`select 'recall.overdue', r.party, r.overdue_at, null, s.id
    from recalls r join sanctions s on s.id = r.sanction where r.overdue_at is not null`,
  sql`select 'inspection.drawn', s.party, u.opened_at, null, s.id
    from inspections u join sanctions s on s.id = u.sanction
    where u.why in ('drawn', 'probation', 'relay')`,
  sql`select 'home-reversal.drawn', s.party, u.opened_at, null, s.id
    from inspections u join sanctions s on s.id = u.sanction where u.why = 'home-reversal'`,
  sql`select case u.why when 'home-reversal' then 'home-reversal.' else 'inspection.' end
      || coalesce(u.outcome, 'moot'), s.party, u.closed_at, null, s.id
    from inspections u join sanctions s on s.id = u.sanction
    where u.closed_at is not null and u.appeal is null`,
  sql`select 'again.drawn', s.party, u.opened_at, null, s.id
    from inspections u join sanctions s on s.id = u.sanction
    where u.why = 'decision'`,
  sql`select 'again.' || case
      when u.outcome is null then case u.closed_as when 'undecided' then 'lapsed' else 'moot' end
      when u.closed_as <> 'decided' then 'undelivered'
      when (u.outcome = 'failed') = (a.outcome in ('reversed', 'finding')) then 'agreed'
      else 'differed' end, s.party, u.closed_at, null, s.id
    from inspections u join sanctions s on s.id = u.sanction
    join appeals a on a.id = u.appeal where u.closed_at is not null and u.why = 'decision'`,
  sql`select 'cause.asked', s.party, u.opened_at, null, s.id
    from inspections u join sanctions s on s.id = u.sanction where u.why = 'cause'`,
  sql`select 'cause.' || u.cause, s.party, u.closed_at, null, s.id
    from inspections u join sanctions s on s.id = u.sanction where u.cause is not null`,
];

/** Queries for what is in no entry of its own: what platforms did after a match. */
const untold = (now: Date): RawBuilder<unknown>[] => [
  sql`select 'match.' || m.outcome as figure, m.party, m.outcome_at as at, null::timestamptz as since, s.id
    from matches m join sanctions s on s.id = m.sanction where m.outcome is not null`,
  sql`select 'match.owed', m.party, m.due_at, null, s.id
    from matches m join sanctions s on s.id = m.sanction
    where m.outcome is null and m.due_at <= ${sql.lit(now.toISOString())}::timestamptz`,
];

export const recordCounts = (db: Db): Promise<RecordCount[]> => countsOf(db, happenings);
export const untoldCounts = (db: Db, now: Date): Promise<RecordCount[]> =>
  countsOf(db, untold(now));

const countsOf = (db: Db, queries: readonly RawBuilder<unknown>[]): Promise<RecordCount[]> =>
  counted<RecordCount>(
    db,
    sql`select h.figure, h.party, s.reason, ${month(sql`h.at`)} as period,
        floor(extract(epoch from date_trunc('second', h.at) - date_trunc('second', h.since))
          / 86400)::int as days, ${erasedInLog} as erased, count(*)::int as n
      from (${sql.join(queries, sql` union all `)}) h join sanctions s on s.id = h.id
      where s.submitted_at is not null group by 1, 2, 3, 4, 5, 6`,
  );

/** A count of what is about no record. */
export interface CountRow {
  readonly figure: string;
  /** None of the registry as a whole */
  readonly party: string | null;
  readonly period: string;
  readonly n: number;
}

const month = (at: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`to_char(${at} at time zone 'UTC', 'YYYY-MM')`;

/** Counts platforms, as the ledger can, too. */
export const partyCounts = (db: Db): Promise<CountRow[]> =>
  counted<CountRow>(
    db,
    sql`select 'party.objected' as figure, party, ${month(sql`at`)} as period, count(*)::int as n
      from (
        select party, at from objections
        union all select party, since from party_groups where item is not null
      ) o group by 2, 3
    union all select 'party.left', id, ${month(sql`left_at`)}, 1 from parties where left_at is not null
    union all select 'party.struck', i.party, ${month(sql`i.closed_at`)}, count(*)::int
      from struck_cases('infinity') x join panel_items i on i.id = x.item group by 2, 3
    union all select 'demand.' || k.name, party, quarter, sum(k.n)::int
      from authority_demands cross join lateral (
        values ('received', received), ('complied', complied), ('refused', refused)) as k(name, n)
      where logged group by 1, 2, 3`,
  );

/** Counts refused and answered calls, and alarms: the ledger has no entry of what they were about. */
export const callCounts = (db: Db): Promise<CountRow[]> =>
  counted<CountRow>(
    db,
    sql`select 'refused.' || code || case when detail = '' then '' else '.' || detail end as figure, party,
        to_char(day, 'YYYY-MM') as period, sum(n)::int as n
      from refusals group by 1, 2, 3
    union all select case op when 'case.find' then 'find.started' when 'case.prove' then 'find.proven'
        else 'ticket.issued' end, case when iss ~ '^plt_' then iss end, ${month(sql`at`)}, count(*)::int
      from (
        select op, iss, at from audit
        where op in ('case.find', 'case.prove', 'case.ticket') and status = 200
        union all select op, iss, at from audit_groups where op is not null) a group by 1, 2, 3
    union all select 'alarm.' || kind, null, ${month(sql`at`)}, count(*)::int
      from alarms group by 1, 3`,
  );

async function counted<Row>(db: Db, query: RawBuilder<unknown>): Promise<Row[]> {
  const { rows } = await (query as RawBuilder<Row>).execute(db);
  return rows;
}

/** A platform as the report names it. */
export interface PlatformRow {
  readonly id: string;
  readonly name: string;
  readonly registered_at: Date;
  readonly left_at: Date | null;
  readonly owners: Registration['owners'];
}

export async function platformRows(db: Db): Promise<PlatformRow[]> {
  const { rows } = await sql<PlatformRow>`
    select id, name, registered_at, left_at, registration->'owners' as owners
    from parties where registration is not null order by id`.execute(db);
  return rows;
}

/**
 * Counts reviewers who had an appeal that nobody decided in time; not one who gave it back, or voted and waited for
 * another.
 */
export async function undecidedOf(db: Db): Promise<{ reviewer: string; n: number }[]> {
  const { rows } = await sql<{ reviewer: string; n: number }>`
    select c.holder as reviewer, count(*)::int as n
    from assignments c join appeals a on a.id = c.review
    where a.closed_as = 'undecided' and c.released_as <> 'recused' and not exists (
      select from decisions d where d.review = c.review and d.holder = c.holder)
    group by c.holder order by c.holder`.execute(db);
  return rows;
}

export async function countOpenAppeals(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from appeals where closed_at is null`.execute(db);
  return rows[0]?.n ?? 0;
}
