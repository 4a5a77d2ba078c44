import type { ReasonCode } from '@recourse/protocol';
import { sql, type Insertable } from 'kysely';
import type { Db, DecisionsTable } from '../kernel/database.ts';

export async function hasDecided(
  db: Db,
  of: { sanction: string; holder: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('decisions')
    .select('at')
    .where('sanction', '=', of.sanction)
    .where('holder', '=', of.holder)
    .executeTakeFirst();
  return row !== undefined;
}

/** @returns whether it is one more than its reviewer takes from records in a day on their own word */
export const insertDecision = (
  db: Db,
  row: Omit<Insertable<DecisionsTable>, 'serial'>,
): Promise<{ serial: boolean }> =>
  db.insertInto('decisions').values(row).returning('serial').executeTakeFirstOrThrow();

/** A case's decisions by others than one reviewer. Nobody is told of them before it is closed. */
export const votesOfOthers = (
  db: Db,
  of: { review: string; holder: string },
): Promise<{ artefact: string; serial: boolean }[]> =>
  db
    .selectFrom('decisions')
    .select(['artefact', 'serial'])
    .where('review', '=', of.review)
    .where('holder', '!=', of.holder)
    .orderBy('at')
    .execute();

/** The decisions that an appeal was closed by, sealed reasons and all; none as long as a vote may be blind. */
export const publishedDecisions = (db: Db, appeal: string) =>
  db
    .selectFrom('decisions as d')
    .innerJoin('appeals as a', 'a.id', 'd.review')
    .select(['d.sanction', 'd.holder', 'd.outcome', 'd.artefact', 'd.reasons', 'd.at'])
    .where('d.review', '=', appeal)
    .where('a.closed_as', '=', 'decided')
    .orderBy('d.at')
    .execute();

/** What a decision replaces in a statement, and the decision itself. */
export async function amend(
  db: Db,
  sanction: string,
  values: { until?: Date | undefined; reason?: ReasonCode | undefined; artefact: string },
): Promise<void> {
  const { until, reason, artefact } = values;
  await db
    .updateTable('sanctions')
    .set({
      amendment: artefact,
      ...(until ? { amended_until: until } : {}),
      ...(reason ? { amended_reason: reason } : {}),
    })
    .where('id', '=', sanction)
    .execute();
}

/** Places of the subjects that still match. */
export async function attachedPlaces(db: Db, sanction: string): Promise<number[]> {
  const rows = await db
    .selectFrom('subjects')
    .select('position')
    .distinct()
    .where('sanction', '=', sanction)
    .where('detached_at', 'is', null)
    .orderBy('position')
    .execute();
  return rows.map(({ position }) => position);
}

export async function detachSubjects(
  db: Db,
  of: { sanction: string; places: readonly number[]; at: Date },
): Promise<void> {
  await db
    .with('marked', (query) => query.insertInto('prefix_changes').values({ sanction: of.sanction }))
    .updateTable('subjects')
    .set({ detached_at: of.at })
    .where('sanction', '=', of.sanction)
    .where('position', 'in', of.places)
    .where('detached_at', 'is', null)
    .execute();
}

/** How many records a reviewer reversed, amended, found wrong or failed in the day before. */
export async function takenInADay(db: Db, of: { holder: string; now: Date }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select taken_in_a_day(${of.holder}, ${of.now})::int as n`.execute(db);
  return rows[0]?.n ?? 0;
}
