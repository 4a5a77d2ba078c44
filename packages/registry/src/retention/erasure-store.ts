import { sql, type RawBuilder } from 'kysely';
import { addDays, type Deadlines } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import type { Erasable } from './erasure.rules.ts';

/** Reads what decides when a record is erased, but for its end. */
export async function erasableOf(
  db: Db,
  { sanction, now }: { sanction: string; now: Date },
): Promise<Pick<Erasable, 'righted' | 'requested' | 'subjects' | 'drawable' | 'delayed' | 'open'>> {
  const { rows } = await sql<Awaited<ReturnType<typeof erasableOf>>>`
    select
      exists (select from ends where sanction = ${sanction} and kind = 'reversed')
        or exists (select from sanction_events where sanction = ${sanction} and event = 'finding') as righted,
      erasure_asked(${sanction}, ${now}) as requested,
      array (select distinct position from subjects where sanction = ${sanction}
        and position in (select asked_positions(${sanction}, ${now})) order by position) as subjects,
      may_be_drawn(${sanction}, ${now}) as drawable,
      exists (select from appeals where sanction = ${sanction} and closed_at is null)
        or exists (select from recalls where sanction = ${sanction} and acknowledgement is null
          and superseded_by is null) as delayed,
      -- Whether a record outlives its submitter is moot once it ended.
      exists (select from inspections where sanction = ${sanction} and closed_at is null and why <> 'leaving') as open`.execute(
    db,
  );
  const facts = rows[0]!;
  return { ...facts, open: facts.open || facts.delayed };
}

/** When a record `s` has ended, as the index `sanctions_to_erase` has it. */
const endedInSql = sql<Date>`coalesce(s.ended_early_at, s.amended_until, s.expires_at)`;

/** `dueAt` of the bounds: noon of the next Monday for what falls on a weekend. */
const onWorkingDay = (at: RawBuilder<Date>): RawBuilder<Date> => sql`
  case extract(isodow from ${at} at time zone 'UTC')
    when 6 then date_trunc('day', ${at}, 'UTC') + interval '60 hours'
    when 7 then date_trunc('day', ${at}, 'UTC') + interval '36 hours'
    else ${at} end`;

/**
 * Records that something may be erased of, with the instant since which: {@link erasureDue} has the last word. Each part
 * is found by an index of what is left to do: what ended long enough ago, what somebody asked for, and what was righted.
 */
const erasable = ({ now, deadlines }: { now: Date; deadlines: Deadlines }): RawBuilder<unknown> => {
  const { eraseAfterEndDays, appealWindowDays } = deadlines;
  const hours = 24 * Math.max(eraseAfterEndDays, appealWindowDays);
  const due = onWorkingDay(sql`(${endedInSql} + make_interval(hours => ${hours}::int))`);
  const uninspected = sql`not exists (
    select from inspections u where u.sanction = s.id and u.closed_at is null)`;
  const found = sql`select f.sanction from sanction_events f where f.event = 'finding'`;
  const reversed = sql`select e.sanction from ends e where e.kind = 'reversed' and e.texts`;
  return sql`
    select s.id, ${endedInSql} as ended from sanctions s
    where s.end_recorded and s.erased_at is null
      and s.id in (
        select s.id from sanctions s
        where s.end_recorded and s.erased_at is null and ${uninspected}
          and ${endedInSql} <= ${addDays(now, -hours / 24)} and ${due} <= ${now}
        union
        select q.sanction from erasure_requests q
        where q.kept_at is null and (
          exists (select from subjects u where u.sanction = q.sanction
            and u.position in (select asked_positions(q.sanction, ${now})))
          or erasure_asked(q.sanction, ${now}) and not exists (
            select from inspections u where u.sanction = q.sanction and u.closed_at is null))
        union
        select s.id from sanctions s
        where s.id in (${reversed} union ${found}) and s.texts_erased_at is null
          and not may_be_drawn(s.id, ${now}) and ${uninspected})
      and not exists (select from appeals a where a.sanction = s.id and a.closed_at is null)
      and not exists (select from recalls r where r.sanction = s.id
        and r.acknowledgement is null and r.superseded_by is null)`;
};

interface ErasureQuery {
  readonly now: Date;
  readonly deadlines: Deadlines;
}

export async function findErasable(
  db: Db,
  query: ErasureQuery & { limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${erasable(query)}) d where id <> all(${[...query.except]}::text[])
    order by ended, id limit ${query.limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export async function countErasable(db: Db, query: ErasureQuery): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${erasable(query)}) d`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Refused by the database before the rules say so. */
export async function eraseTexts(
  db: Db,
  { sanction, at }: { sanction: string; at: Date },
): Promise<void> {
  await sql`select erase_texts(${sanction}, ${at})`.execute(db);
}

export async function eraseSubject(
  db: Db,
  { sanction, position, at }: { sanction: string; position: number; at: Date },
): Promise<void> {
  await sql`select erase_subject(${sanction}, ${position}, ${at})`.execute(db);
}

/** @param of `leaf` the leaf hash of its `erased` entry; none of a draft, which has no entries */
export async function eraseCase(
  db: Db,
  { sanction, at, leaf }: { sanction: string; at: Date; leaf: Uint8Array | null },
): Promise<void> {
  await sql`select erase_case(${sanction}, ${at}, ${leaf}::bytea)`.execute(db);
}

/** As the log says it was done. */
export async function eraseSubjectAsLogged(
  db: Db,
  { sanction, position }: { sanction: string; position: number },
): Promise<void> {
  await sql`select take_subject(${sanction}, ${position})`.execute(db);
}

/** As the log says it was done, whatever the rules say now: for the owner of the schema only. */
export async function eraseAsLogged(
  db: Db,
  { sanction, at, leaf }: { sanction: string; at: Date; leaf?: Uint8Array },
): Promise<void> {
  await (leaf
    ? sql`select take_case(${sanction}, ${at}, ${leaf})`.execute(db)
    : sql`select take_texts(${sanction}, ${at})`.execute(db));
}
