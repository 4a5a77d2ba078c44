import { sql, type RawBuilder } from 'kysely';
import { addDays } from '../kernel/bounds.ts';
import type { Db } from '../kernel/database.ts';
import { leavingDays } from '../records/membership.rules.ts';
import { findSanction, type SanctionRow } from '../records/store.ts';

/**
 * Sanctions to which time has done something that their rows do not say yet, each with the instant it fell
 * due: whatever `nextStep` may find, as conditions that indexes answer. The rules then decide.
 */
const dueSanctions = (now: Date): RawBuilder<unknown> => sql`
  select s.id, greatest(s.visible_from, a.keeps_until) as due from sanctions s
  left join appeals a on a.sanction = s.id and a.closed_at is null
  where s.visible_from <= ${now} and not s.visible_recorded and not s.end_recorded
    and (not s.backlogged or s.backlog_over_at is not null)
    and (a.keeps_until is null or a.keeps_until <= ${now})
  union all
  select id, notice_due_at from sanctions
  where notice_due_at <= ${now} and submitted_at is not null and notified_at is null and not end_recorded
  union all
  select id, draft_lapses_at from sanctions
  where draft_lapses_at <= ${now} and submitted_at is null and not end_recorded
  union all
  select id, least(expires_at, amended_until) from sanctions
  where least(expires_at, amended_until) <= ${now} and not end_recorded
  union all
  select s.id, p.left_at + interval '${sql.raw(String(leavingDays * 24))} hours' from parties p
  join sanctions s on s.party = p.id
  where p.left_at <= ${addDays(now, -leavingDays)} and s.confirmed_at is null and not s.end_recorded
  union all
  ${endedWithTokens(now)}
  union all
  select u.sanction, u.until from suspensions u join sanctions s on s.id = u.sanction
  where u.until <= ${now} and u.lifted_at is null and not s.end_recorded
  union all
  select sanction, least(withdraws_at, evidence_lapses_at, undecided_at) from appeals
  where closed_at is null and least(withdraws_at, evidence_lapses_at, undecided_at) <= ${now}
  union all
  select r.derived, r.ends_at from derived_reviews r join sanctions s on s.id = r.derived
  where r.confirmed_at is null and r.ends_at <= ${now} and not s.end_recorded
  union all
  select r.derived, r.due_at from derived_reviews r join sanctions s on s.id = r.derived
  where r.confirmed_at is null and r.due_at <= ${now} and not s.end_recorded and not exists (
    select from suspensions u
    where u.sanction = s.id and u.cause = 'echo-overdue' and u.lifted_at is null)
  union all
  select a.sanction, o.due from appeals a join sanctions s on s.id = a.sanction
  cross join lateral (
    values ('evidence-overdue', a.evidence_due_at), ('decision-overdue', case when not a.bound then a.decision_due_at end),
      ('relief', case when a.relief_decided_at is null then a.relief_due_at end)
  ) as o(cause, due)
  where a.closed_at is null and o.due <= ${now}
    and least(a.evidence_due_at, a.decision_due_at, a.relief_due_at) <= ${now} and not s.end_recorded and not exists (
    select from suspensions u
    where u.sanction = s.id and u.cause = o.cause and u.lifted_at is null)
  union all
  ${dueInspections(now)}`;

const dueInspections = (now: Date): RawBuilder<unknown> => sql`
  select u.sanction, u.evidence_due_at from inspections u join sanctions s on s.id = u.sanction
  where u.closed_at is null and u.evidence_due_at <= ${now} and not s.end_recorded
  union all
  select u.sanction, u.examine_by from inspections u join sanctions s on s.id = u.sanction
  where u.closed_at is null and u.examine_by <= ${now} and not s.end_recorded and not exists (
    select from suspensions x
    where x.sanction = s.id and x.cause = 'unexamined' and x.lifted_at is null)`;

/** Records that were given no tokens of the epoch after a closed one. */
const endedWithTokens = (now: Date): RawBuilder<unknown> => sql`
  select s.id, z.before_closes_at from rotations z
  join sanctions s on s.epoch = z.epoch - 1 and s.submitted_at is not null and not s.end_recorded
  where z.before_closes_at <= ${now}`;

/** Due sanctions, those due for the longest first, but for some. */
export async function findDue(
  db: Db,
  of: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${dueSanctions(of.now)}) d where id <> all(${[...of.except]}::text[])
    group by id order by min(due), id limit ${of.limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export const countDue = (db: Db, now: Date): Promise<number> =>
  counted(db, sql`select count(distinct id)::int as n from (${dueSanctions(now)}) d`);

/** A sanction, locked; none while somebody else has it. */
export async function takeSanction(db: Db, id: string): Promise<SanctionRow | undefined> {
  const { rows } = await sql`
    select from sanctions where id = ${id} for update skip locked`.execute(db);
  return rows.length === 0 ? undefined : findSanction(db, id);
}

/** Open recalls past their deadline whose lateness is not in the ledger. */
const overdueRecalls = (now: Date): RawBuilder<unknown> => sql`
  select id, sanction, due_at from recalls
  where due_at <= ${now} and acknowledgement is null and superseded_by is null and overdue_at is null`;

export const countOverdue = (db: Db, now: Date): Promise<number> =>
  counted(db, sql`select count(*)::int as n from (${overdueRecalls(now)}) r`);

async function counted(db: Db, query: RawBuilder<unknown>): Promise<number> {
  const { rows } = await (query as RawBuilder<{ n: number }>).execute(db);
  return rows[0]?.n ?? 0;
}

/** Sanctions with such recalls, but for some. */
export async function findOverdue(
  db: Db,
  of: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ sanction: string }>`
    select sanction from (${overdueRecalls(of.now)}) r where sanction <> all(${[...of.except]}::text[])
    group by sanction order by min(due_at), sanction limit ${of.limit}`.execute(db);
  return rows.map(({ sanction }) => sanction);
}

export interface OverdueRecall {
  readonly id: `rcl_${string}`;
  readonly party: string;
  readonly version: number;
  readonly kind: 'undo' | 'pause' | 'correct';
  readonly due_at: Date;
}

/**
 * Marks overdue recalls of one sanction and returns them. Its key is shared first, so that no change of it
 * supersedes one meanwhile; each is marked once, by whoever has its row.
 */
export async function markOverdue(
  db: Db,
  of: { sanction: string; now: Date; limit: number },
): Promise<OverdueRecall[]> {
  await sql`select from sanctions where id = ${of.sanction} for key share`.execute(db);
  const { rows } = await sql<OverdueRecall>`
    update recalls set overdue_at = ${of.now} where id in (
      select id from recalls
      where sanction = ${of.sanction} and due_at <= ${of.now} and acknowledgement is null
        and superseded_by is null and overdue_at is null
      order by id limit ${of.limit} for update skip locked
    ) returning id, party, version, kind, due_at`.execute(db);
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
