import { homeReversalRules, type Id } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { InspectionDrawsTable, InspectionsTable } from '../schema/panel.ts';
import { expiryInSql } from '../records/store.ts';
import type { Quarter } from './draw.rules.ts';

export interface InspectionRow extends Selectable<InspectionsTable> {
  id: Id<'itm'>;
  sanction: Id<'snc'>;
  appeal: Id<'apl'> | null;
  /** When the suspension that opened it is over */
  over_at: Date | null;
}

const inspections = (db: Db) =>
  db
    .selectFrom('inspections as u')
    .selectAll('u')
    .select(sql<Date | null>`reexamined_until(u.suspension)`.as('over_at'))
    .$castTo<InspectionRow>();

export const findInspection = (db: Db, id: string): Promise<InspectionRow | undefined> =>
  inspections(db).where('u.id', '=', id).executeTakeFirst();

/** The signed withdrawal that an inspection of a home reversal is about. */
export async function withdrawalOf(db: Db, id: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('inspections as u')
    .innerJoin('ends as e', 'e.sanction', 'u.sanction')
    .select('e.artefact')
    .where('u.id', '=', id)
    .where('u.why', '=', 'home-reversal')
    .executeTakeFirst();
  return row?.artefact ?? undefined;
}

export async function insertInspection(
  db: Db,
  row: Pick<InspectionRow, 'id' | 'sanction' | 'why' | 'appeal' | 'opened_at' | 'due_at'> &
    Partial<Pick<InspectionRow, 'after_outcome' | 'after_cause' | 'deciders'>>,
): Promise<void> {
  const open = { closed_at: null, closed_as: null, outcome: null, cause: null };
  const first = { after_outcome: null, after_cause: null, deciders: [] };
  const unassigned = { suspension: null, evidence_due_at: null, evidence_confirmed_at: null };
  const { id, sanction } = row;
  await db
    .with('review', (cte) => cte.insertInto('reviews').values({ id, sanction }))
    .insertInto('inspections')
    .values({ ...first, ...row, ...unassigned, ...open })
    .execute();
}

/** Changes an open inspection; the caller holds its sanction FOR UPDATE. */
export async function changeInspection(
  db: Db,
  id: string,
  values: Partial<
    Pick<
      InspectionRow,
      'evidence_due_at' | 'evidence_confirmed_at' | 'closed_at' | 'closed_as' | 'outcome' | 'cause'
    >
  >,
): Promise<void> {
  await db
    .updateTable('inspections')
    .set(values)
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .execute();
}

/** Open inspections of a platform's records, the oldest first. */
export const inspectionsAgainst = (
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<InspectionRow[]> =>
  inspections(db)
    .innerJoin('sanctions as s', 's.id', 'u.sanction')
    .where('s.party', '=', party)
    .where('u.closed_at', 'is', null)
    .where(sql<boolean>`(reexamined_until(u.suspension) <= ${now}) is not true`)
    .orderBy('u.id')
    .limit(100)
    .execute();

/** How many live records of a suspended party nobody examined in time. */
export async function unexaminedOf(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n
    from suspended_until z join inspections u on u.suspension = z.item and u.closed_at is null
    join sanctions s on s.id = u.sanction
    where s.party = ${party} and u.due_at <= ${now} and (z.over_at <= ${now}) is not true
      and not s.end_recorded and ${sql.raw(expiryInSql)} > ${now}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Of which time has run out. A re-examination goes on until its suspension is over, a relay until somebody looked. */
const lapsed = (now: Date) => sql`
  select id, due_at from inspections
  where closed_at is null and suspension is null and why <> 'relay' and due_at <= ${now}
  union all
  select id, evidence_due_at from inspections
  where closed_at is null and why = 'home-reversal' and evidence_due_at <= ${now} and due_at > ${now}
  union all
  select u.id, z.over_at from suspended_until z
  join inspections u on u.suspension = z.item and u.closed_at is null
  where z.over_at <= ${now}`;

export async function findLapsed(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${lapsed(now)}) u where id <> all(${[...except]}::text[])
    order by due_at, id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export async function countLapsed(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${lapsed(now)}) u`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The first checkpoint that was signed since an instant, as its note. */
export async function firstCheckpointSince(
  db: Db,
  since: Date,
): Promise<{ size: number; note: string } | undefined> {
  return db
    .selectFrom('ledger_checkpoints')
    .select(['size', 'note'])
    .where('at', '>=', since)
    .orderBy('size')
    .limit(1)
    .executeTakeFirst();
}

/** Live records at the start of a quarter that nobody appealed. */
const drawable = (start: Date) => sql`
  s.submitted_at < ${start} and not s.end_recorded
  and not exists (select from appeals a where a.sanction = s.id)
  and exists (select from case_keys k where k.sanction = s.id)`;

/** Home reversals within their time, of the quarter before one: those that are apart from what counts. */
const ofQuarterBefore = ({ start, before }: Quarter) => sql`
  e.at >= ${before} and e.at < ${start} and e.at <= e.lifted_at + interval '${sql.raw(String(homeReversalRules.hours))} hours'`;

/** The platforms with such records, or such home reversals, of which nothing was drawn in this quarter. */
export async function undrawnParties(db: Db, quarter: Quarter): Promise<string[]> {
  const { name, start } = quarter;
  const { rows } = await sql<{ id: string }>`
    select p.id from parties p
    where not exists (
      select from inspection_draws d where d.party = p.id and d.quarter = ${name})
    and (exists (select from sanctions s where s.party = p.id and ${drawable(start)})
      or p.id in (select s.party from ends e join sanctions s on s.id = e.sanction
        where ${ofQuarterBefore(quarter)}))
    order by p.id`.execute(db);
  return rows.map(({ id }) => id);
}

export async function drawableRecords(
  db: Db,
  { party, start }: { party: string; start: Date },
): Promise<{ id: Id<'snc'>; wrapped: Uint8Array }[]> {
  const { rows } = await sql<{ id: Id<'snc'>; wrapped: Uint8Array }>`
    select s.id, k.wrapped from sanctions s join case_keys k on k.sanction = s.id
    where s.party = ${party} and ${drawable(start)} order by s.id`.execute(db);
  return rows;
}

/** Those of the home reversals of a quarter before that another group was told of: no other counts in anything. */
export async function drawableHomeReversals(
  db: Db,
  { party, quarter, now }: { party: string; quarter: Quarter; now: Date },
): Promise<{ id: Id<'snc'>; wrapped: Uint8Array }[]> {
  const { rows } = await sql<{ id: Id<'snc'>; wrapped: Uint8Array }>`
    select s.id, k.wrapped from ends e join sanctions s on s.id = e.sanction
    join case_keys k on k.sanction = s.id
    where s.party = ${party} and ${ofQuarterBefore(quarter)} and s.texts_erased_at is null
      and exists (select from disclosures d where d.sanction = s.id
        and d.party not in (select group_members(${party}, ${now})))
    order by s.id`.execute(db);
  return rows;
}

/** False when the quarter was drawn already. */
export async function insertDraw(db: Db, draw: Selectable<InspectionDrawsTable>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('inspection_draws')
    .values(draw)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Every live record of a party that is not being inspected, the newest first. */
export async function liveUninspected(
  db: Db,
  query: { party: string; now: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from sanctions s
    where s.party = ${query.party} and s.submitted_at is not null and not s.end_recorded
      and ${sql.raw(expiryInSql)} > ${query.now}
      and not exists (select from inspections u where u.sanction = s.id and u.closed_at is null)
    order by s.id desc`.execute(db);
  return rows.map(({ id }) => id);
}

/** Its submitter left, and a reviewer let it stand: it does not end with the membership. */
export async function setConfirmed(
  db: Db,
  confirmation: { sanction: string; at: Date },
): Promise<void> {
  await db
    .updateTable('sanctions')
    .set({ confirmed_at: confirmation.at })
    .where('id', '=', confirmation.sanction)
    .execute();
}

/** Many at once, each of one record. */
export async function insertInspections(
  db: Db,
  inspections: {
    why: 're-examination' | 'leaving';
    suspension?: string;
    ids: readonly string[];
    sanctions: readonly string[];
    openedAt: Date;
    due: Date;
  },
): Promise<void> {
  const { suspension = null } = inspections;
  await sql`
    with r as (
      insert into reviews (id, sanction)
      select * from unnest(${[...inspections.ids]}::text[], ${[...inspections.sanctions]}::text[]) returning id, sanction
    )
    insert into inspections (id, sanction, why, opened_at, due_at, suspension)
    select r.id, r.sanction, ${inspections.why}, ${inspections.openedAt}::timestamptz, ${inspections.due}::timestamptz, ${suspension}::text
    from r`.execute(db);
}

interface WithReasons extends InspectionRow {
  readonly holder: string | null;
  readonly reasons: Uint8Array | null;
}

/** The examinations of a record, the oldest first, each with what its reviewer wrote. */
export async function examinationsOf(db: Db, sanction: string): Promise<WithReasons[]> {
  const { rows } = await sql<WithReasons>`
    select u.*, reexamined_until(u.suspension) as over_at, d.holder, d.reasons from inspections u
    left join decisions d on d.review = u.id and u.closed_at is not null
    where u.sanction = ${sanction} order by u.opened_at, u.id`.execute(db);
  return rows;
}
