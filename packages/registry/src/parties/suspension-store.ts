import type { Db } from '../database.ts';

/** Suspends a sanction for one more cause, as its next version; the caller holds its lock. */
export async function insertSuspension(
  db: Db,
  suspension: { sanction: string; cause: string; since: Date; version: number },
): Promise<void> {
  const { sanction, cause, since, version } = suspension;
  await db.insertInto('suspensions').values({ sanction, cause, since, lifted_at: null }).execute();
  await db.updateTable('sanctions').set({ version }).where('id', '=', sanction).execute();
}
