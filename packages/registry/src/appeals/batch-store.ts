import type { Id } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { AppealRow } from './store.ts';

/** All that a reviewer still has of the assignment that an appeal belongs to, the first of it first. */
export async function batchOf(
  db: Db,
  of: { appeal: string; holder: string },
): Promise<Id<'apl'>[]> {
  const { rows } = await sql<{ appeal: Id<'apl'> }>`
    select c.appeal from claims mine
    join claims c on c.batch = mine.batch and c.holder = mine.holder
    where mine.appeal = ${of.appeal} and mine.holder = ${of.holder}
      and (c.released_at is null or c.appeal = mine.appeal)
    order by c.appeal <> c.batch, c.appeal`.execute(db);
  return rows.map(({ appeal }) => appeal);
}

/** Whether an appeal came to a reviewer with others, whatever became of them. */
export async function isOfBatch(db: Db, of: { batch: string; holder: string }): Promise<boolean> {
  const { n } = await db
    .selectFrom('claims')
    .select((select) => select.fn.countAll<string>().as('n'))
    .where('batch', '=', of.batch)
    .where('holder', '=', of.holder)
    .executeTakeFirstOrThrow();
  return Number(n) > 1;
}

/**
 * Open appeals that are of one assignment with this one, of any of its reviewers or of one, each with a key. In the order
 * in which they are locked.
 */
export async function appealsBeside(
  db: Db,
  { appeal, holder }: { appeal: string; holder?: string },
): Promise<AppealRow[]> {
  const only = holder ?? null;
  const { rows } = await sql<AppealRow>`
    select a.* from appeals a
    where a.closed_at is null and a.id <> ${appeal} and exists (
      select from claims mine join claims c on c.batch = mine.batch and c.holder = mine.holder
      where mine.appeal = ${appeal} and c.appeal = a.id and (${only}::text is null or c.holder = ${only})
        and mine.keyed_at is not null and mine.released_at is null
        and c.keyed_at is not null and c.released_at is null)
    order by a.sanction`.execute(db);
  return rows;
}
