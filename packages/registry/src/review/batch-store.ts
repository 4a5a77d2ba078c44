import type { ReviewId } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** All that a reviewer still has of the assignment that a case belongs to, the first of it first. */
export async function batchOf(db: Db, of: { review: string; holder: string }): Promise<ReviewId[]> {
  const { rows } = await sql<{ review: ReviewId }>`
    select c.review from assignments mine
    join assignments c on c.batch = mine.batch and c.holder = mine.holder
    where mine.review = ${of.review} and mine.holder = ${of.holder}
      and (c.released_at is null or c.review = mine.review)
    order by c.review <> c.batch, c.review`.execute(db);
  return rows.map(({ review }) => review);
}

/** Whether a case came to a reviewer with others, whatever became of them. */
export async function isOfBatch(db: Db, of: { batch: string; holder: string }): Promise<boolean> {
  const { n } = await db
    .selectFrom('assignments')
    .select((select) => select.fn.countAll<string>().as('n'))
    .where('batch', '=', of.batch)
    .where('holder', '=', of.holder)
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
