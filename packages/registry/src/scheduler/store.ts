import { sql, type RawBuilder } from 'kysely';
import { addDays } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import { leavingDays } from '../records/membership.rules.ts';
import { findSanction, type SanctionRow } from '../records/store.ts';

/**
 * Records that are due, each with the instant it fell due: by what their own rows say, by the end of their submitter's
 * membership, and by that of their epoch. What a record evades takes it along when it ends itself.
 */
const dueSanctions = (now: Date): RawBuilder<unknown> => sql`
  select id, next_at as due from sanctions where next_at <= ${now}
  union all
  select s.id, p.left_at + interval '${sql.raw(String(leavingDays * 24))} hours' from parties p
  join sanctions s on s.party = p.id
  where p.left_at <= ${addDays(now, -leavingDays)} and s.confirmed_at is null and not s.end_recorded
  union all
  select s.id, z.before_closes_at from rotations z
  join sanctions s on s.epoch = z.epoch - 1 and s.submitted_at is not null and not s.end_recorded
  where z.before_closes_at <= ${now}`;

/** Due sanctions, those due for the longest first, but for some. */
export async function findDue(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${dueSanctions(now)}) d where id <> all(${[...except]}::text[])
    group by id order by min(due), id limit ${limit}`.execute(db);
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
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ sanction: string }>`
    select sanction from (${overdueRecalls(now)}) r where sanction <> all(${[...except]}::text[])
    group by sanction order by min(due_at), sanction limit ${limit}`.execute(db);
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
  { sanction, now, limit }: { sanction: string; now: Date; limit: number },
): Promise<OverdueRecall[]> {
  await sql`select from sanctions where id = ${sanction} for key share`.execute(db);
  const { rows } = await sql<OverdueRecall>`
    update recalls set overdue_at = ${now} where id in (
      select id from recalls
      where sanction = ${sanction} and due_at <= ${now} and acknowledgement is null
        and superseded_by is null and overdue_at is null
      order by id limit ${limit} for update skip locked
    ) returning id, party, version, kind, due_at`.execute(db);
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
