import type { Insertable } from 'kysely';
import type { AppealJoinsTable, Db } from '../database.ts';

export async function insertJoin(
  db: Db,
  join: Omit<Insertable<AppealJoinsTable>, 'withdraws_at'>,
): Promise<void> {
  await db
    .insertInto('appeal_joins')
    .values({ ...join, withdraws_at: null })
    .execute();
}

/** The appeals of a case that one claimant opened or joined. */
export async function joinedIn(
  db: Db,
  of: { sanction: string; claimant: string },
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('appeal_joins')
    .select('appeal')
    .where('sanction', '=', of.sanction)
    .where('claimant', '=', of.claimant)
    .execute();
  return new Set(rows.map(({ appeal }) => appeal));
}

export async function joinedBy(db: Db, of: { appeal: string; claimant: string }): Promise<boolean> {
  const row = await db
    .selectFrom('appeal_joins')
    .select('claimant')
    .where('appeal', '=', of.appeal)
    .where('claimant', '=', of.claimant)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
