import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';

/** The report as it was made last, ready to be sent. */
export interface StoredReport {
  readonly at: Date;
  readonly document: string;
}

export const storedReport = (db: Db): Promise<StoredReport | undefined> =>
  db.selectFrom('transparency_report').select(['at', 'document']).executeTakeFirst();

export async function storeReport(db: Db, report: StoredReport): Promise<void> {
  await db
    .insertInto('transparency_report')
    .values(report)
    .onConflict((conflict) => conflict.column('singleton').doUpdateSet(report))
    .execute();
}

/** Whether this transaction may make the report; one makes it at a time. */
export async function takeReport(db: Db): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('recourse transparency report')) as taken`.execute(
    db,
  );
  return rows[0]?.taken === true;
}
