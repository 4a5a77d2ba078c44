import type { Id, ReviewId } from '@recourse/protocol';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { reasonInSql } from '../records/store.ts';
import type { AssignmentsTable } from '../schema/reviewers.ts';
import { mostAssignedDays, mostLapses, reviewerDays } from '@recourse/protocol/review';

export interface AssignmentRow extends Selectable<AssignmentsTable> {
  review: ReviewId;
  batch: ReviewId;
  sanction: Id<'snc'>;
}

/** An assignment with a key: evidence is sealed to it. */
export interface KeyedAssignmentRow extends AssignmentRow {
  statement: string;
  sealing_kid: string;
  keyed_at: Date;
}

const isKeyed = (assignment: AssignmentRow): assignment is KeyedAssignmentRow =>
  assignment.released_at === null && assignment.statement !== null;

const assignments = (db: Db) => db.selectFrom('assignments').selectAll().$castTo<AssignmentRow>();

/** Every assignment of a case, also what was given back. */
const assignmentsOf = (db: Db, review: string): Promise<AssignmentRow[]> =>
  assignments(db).where('review', '=', review).orderBy('at').orderBy('holder').execute();

/** The assignments that evidence is sealed to, each to be opened by one reviewer. */
export const keyedAssignments = async (db: Db, review: string): Promise<KeyedAssignmentRow[]> =>
  (await assignmentsOf(db, review)).filter(isKeyed);

export const findAssignment = (
  db: Db,
  { review, holder }: { review: string; holder: string },
): Promise<AssignmentRow | undefined> =>
  assignments(db)
    .where('review', '=', review)
    .where('holder', '=', holder)
    .where('released_at', 'is', null)
    .executeTakeFirst();

const hasVoted = sql<boolean>`exists (
  select from decisions d where d.review = assignments.review and d.holder = assignments.holder)`;

/** Reads what a reviewer has taken and not voted on, and what they were assigned and can still take. */
export const assignmentsOfHolder = (
  db: Db,
  { holder, now }: { holder: string; now: Date },
): Promise<AssignmentRow[]> =>
  assignments(db)
    .where('holder', '=', holder)
    .where('released_at', 'is', null)
    .where((eb) => eb.or([eb('keyed_at', 'is not', null), eb('expires_at', '>', now)]))
    .where(hasVoted, '=', false)
    .orderBy('at')
    .execute();

/** True where a reviewer still sits, and does not belong to the submitter. */
export async function isIndependent(
  db: Db,
  { sanction, holder, now }: { sanction: string; holder: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select is_independent(${sanction}, ${holder}, ${now}) as may`.execute(db);
  return rows[0]?.may === true;
}

/** One assignment of a reviewer at a time: their calls wait for each other here. */
export async function lockHolder(db: Db, holder: string): Promise<void> {
  await db.selectFrom('holders').select('id').where('id', '=', holder).forNoKeyUpdate().execute();
}

export async function insertAssignment(db: Db, row: Insertable<AssignmentsTable>): Promise<void> {
  await db.insertInto('assignments').values(row).execute();
}

const one = (db: Db, { review, holder }: { review: string; holder: string }) =>
  db
    .updateTable('assignments')
    .where('review', '=', review)
    .where('holder', '=', holder)
    .where('released_at', 'is', null);

export async function setKey(
  db: Db,
  assignment: { review: string; holder: string },
  key: { statement: string; sealingKid: string; at: Date },
): Promise<void> {
  await one(db, assignment)
    .set({
      statement: key.statement,
      sealing_kid: key.sealingKid,
      keyed_at: key.at,
    })
    .execute();
}

/** True where a key is of another assignment than this one. */
export async function isOfAnother(
  db: Db,
  { sealingKid, batch, holder }: { sealingKid: string; batch: string; holder: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('assignments')
    .select('review')
    .where('sealing_kid', '=', sealingKid)
    .where((where) => where.or([where('batch', '<>', batch), where('holder', '<>', holder)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function releaseAssignment(
  db: Db,
  assignment: { review: string; holder: string; at: Date },
): Promise<void> {
  await one(db, assignment).set({ released_at: assignment.at, released_as: 'recused' }).execute();
}

/** A place is taken by whoever voted, and by whoever has time left to act and may still judge. */
const isTaken = (now: Date) => sql<boolean>`(
  exists (select from decisions v where v.review = c.review and v.holder = c.holder)
  or (c.expires_at > ${now} and is_independent(c.sanction, c.holder, ${now})))`;

/** Releases the assignments whose places are free again; how many of them had a key. */
export async function releaseVacated(
  db: Db,
  { now, review }: { review: string; now: Date },
): Promise<{ keyed: number }> {
  const { rows } = await sql<{ keyed: boolean }>`
    update assignments c set released_at = greatest(c.at, ${now}), released_as = 'expired'
    where c.review = ${review} and c.released_at is null and not ${isTaken(now)}
    returning c.keyed_at is not null as keyed`.execute(db);
  return { keyed: rows.filter(({ keyed }) => keyed).length };
}

export interface AssignmentQuery {
  readonly holder: string;
  readonly now: Date;
}

/** True of an open case `r` that waits: not about to be closed by time alone, and with a place that nobody has. */
export const waits = (now: Date) => sql`
  (r.lapses_at is null or r.lapses_at > ${now}) and r.reviewers > (
    select count(*) from assignments c
    where c.review = r.id and c.released_at is null and ${isTaken(now)})`;

/** Where nobody is new to a record, who decided longest ago is not new either. */
const isNew = ({ holder }: AssignmentQuery) => sql<boolean>`is_new_to(r.sanction, ${holder}, null)`;

/**
 * A reviewer who does not belong to the submitter, is new to its record or sits again on it, and takes cases of its code.
 */
const isEligible = (query: AssignmentQuery) => sql`
  is_independent(r.sanction, ${query.holder}, ${query.now})
  and case when ${isNew(query)} then true else sits_again(r.id, ${query.holder}, ${query.now}) end
  and not exists (
    select from sanctions s join holders h on ${sql.raw(reasonInSql)} = any(h.opt_out)
    where s.id = r.sanction and h.id = ${query.holder})`;

/** A case that a reviewer may be assigned; whether they decided about its record before. */
export interface EligibleReview {
  readonly id: string;
  readonly sanction: string;
  readonly reviewers: number;
  readonly again: boolean;
}

/**
 * Cases on records of one group that a reviewer may be assigned, each due first, and of what is due at once the newest
 * record. Before all: what waits for longer than it counts who reads, and what is written in a language of theirs, or in
 * none, and was told to no platform of theirs.
 */
export async function eligibleReviews(
  db: Db,
  query: AssignmentQuery & {
    /** A case that was opened before this is for anyone, whatever its language and whoever was told */
    anyoneBefore: Date;
    limit: number;
    group: string;
    review?: string;
    /** Appeals on the same evidence as this record */
    beside?: string;
  },
): Promise<EligibleReview[]> {
  const { holder, now, anyoneBefore, limit, group, review = null, beside = null } = query;
  // Sorted first, and judged one after the other until there are enough: whoever may be assigned is dear to find out.
  const { rows } = await sql<EligibleReview>`
    select r.id, r.sanction, r.reviewers, not ${isNew(query)} as again from (
      select r.* from open_reviews r join sanctions s on s.id = r.sanction
      where s.party in (select p.id from parties p where ${group} in (select groups_of(p.id, ${now})))
        and (${review}::text is null or r.id = ${review})
        and (${beside}::text is null or r.id in (select open_on_same_evidence(${beside}, ${now})))
      order by (r.opened_at <= ${anyoneBefore} or r.language is null
          or split_part(r.language, '-', 1) = any (
            select unnest(h.languages) from holders h where h.id = ${holder})) desc,
        (r.opened_at <= ${anyoneBefore} or not (
          exists (select from affiliations a where a.holder = ${holder})
          and worked_for_told(r.sanction, ${holder}, ${now}))) desc,
        r.taken_by, r.sanction desc, r.id
      offset 0) r
    where ${waits(now)} and ${isEligible(query)}
    limit ${limit}`.execute(db);
  return rows;
}

export async function countWaiting(
  db: Db,
  query: AssignmentQuery,
): Promise<{ all: number; eligible: number; overdue: number; oldest: Date | null }> {
  const { rows } = await sql<Awaited<ReturnType<typeof countWaiting>>>`
    select count(*)::int as "all", (count(*) filter (where ${isEligible(query)}))::int as eligible,
      (count(*) filter (where r.taken_by <= ${query.now}))::int as overdue, min(r.opened_at) as oldest
    from open_reviews r where ${waits(query.now)}`.execute(db);
  return rows[0] ?? { all: 0, eligible: 0, overdue: 0, oldest: null };
}

/**
 * From when it waits for its reviewers alone: now, or once evidence and answers are there, or can come no more. Fourteen
 * days later each goes to another, or on its day 44. What has lapsed stays so: a late act would undo it.
 */
export async function renewAssignments(
  db: Db,
  { now, review }: { review: string; now: Date },
): Promise<void> {
  await sql`
    update assignments c set expires_at = least(
      c.at + interval '${sql.raw(String(mostAssignedDays))} days',
      greatest(${now}::timestamptz, r.evidence_lapses_at, (
        select max(q.due_at) from questions q where q.appeal = r.id and q.answered_at is null
      )) + interval '${sql.raw(String(reviewerDays))} days')
    from open_reviews r where r.id = c.review and r.id = ${review}
      and c.released_at is null and c.keyed_at is not null and c.expires_at > ${now}`.execute(db);
}

/** True where a reviewer let so many assignments lapse that the panel's admin has to look. */
export async function lapsedTooOften(
  db: Db,
  { holder, now }: { holder: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`select lapses_of(${holder}, ${now}) as n`.execute(db);
  return (rows[0]?.n ?? 0) >= mostLapses;
}

/** All that a reviewer has of the assignment that a case belongs to, the first of it first; with `ended` what they had, too. */
export async function batchOf(
  db: Db,
  assignment: { review: string; holder: string; ended?: boolean },
): Promise<ReviewId[]> {
  const { rows } = await sql<{ review: ReviewId }>`
    select c.review from assignments mine
    join assignments c on c.batch = mine.batch and c.holder = mine.holder
    where mine.review = ${assignment.review} and mine.holder = ${assignment.holder}
      and (c.released_at is null or c.review = mine.review or ${assignment.ended === true})
    order by c.review <> c.batch, c.review`.execute(db);
  return rows.map(({ review }) => review);
}

/** True where a case came to a reviewer with others, whatever became of them. */
export async function isOfBatch(
  db: Db,
  { batch, holder }: { batch: string; holder: string },
): Promise<boolean> {
  const { n } = await db
    .selectFrom('assignments')
    .select((select) => select.fn.countAll<string>().as('n'))
    .where('batch', '=', batch)
    .where('holder', '=', holder)
    .executeTakeFirstOrThrow();
  return Number(n) > 1;
}

/**
 * Open cases that are of one assignment with this one, of any of its reviewers or of one, each with a key. In the order
 * in which they are locked.
 */
export async function casesBeside(
  db: Db,
  { review, holder }: { review: string; holder?: string },
): Promise<ReviewId[]> {
  const only = holder ?? null;
  const { rows } = await sql<{ id: ReviewId }>`
    select r.id from open_reviews r
    where r.id <> ${review} and exists (
      select from assignments mine join assignments c on c.batch = mine.batch and c.holder = mine.holder
      where mine.review = ${review} and c.review = r.id and (${only}::text is null or c.holder = ${only})
        and mine.keyed_at is not null and mine.released_at is null
        and c.keyed_at is not null and c.released_at is null)
    order by r.sanction`.execute(db);
  return rows.map(({ id }) => id);
}
