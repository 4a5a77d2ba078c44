import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import { begun, classOf } from '../../scheduler/failure-store.ts';
import { actAsService } from './report-fold-store.ts';
import { keepCounting } from './count-log.ts';
import { type ReportServices, type OperatorStatement, makeReport } from './make-report.ts';

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

/** The row that records attempts at the report, beside what else is due and fails. */
const attempt = { kind: 'report', id: 'day' };
const betweenAttempts = sql`interval '1 hour'`;

/** Records an attempt, before it begins. @returns false within an hour of the last one that ended without a report */
export async function beginAttempt(db: Db, now: Date): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into due_failures as f (kind, id, failures, retry_at, error)
    values (${attempt.kind}, ${attempt.id}, 1, ${now}::timestamptz + ${betweenAttempts}, ${begun})
    on conflict (kind, id) do update set failures = f.failures + 1, retry_at = excluded.retry_at,
      error = case f.error when ${begun} then 'ended' else f.error end
    where f.retry_at <= ${now}`.execute(db);
  return numAffectedRows > 0n;
}

/** A server that was told to stop has not failed: the next one begins at once, unless an attempt before failed. */
export async function withdrawAttempt(db: Db): Promise<void> {
  await db
    .deleteFrom('due_failures')
    .where('kind', '=', attempt.kind)
    .where('id', '=', attempt.id)
    .where('error', '=', begun)
    .execute();
}

export async function endAttempt(db: Db): Promise<void> {
  await db
    .deleteFrom('due_failures')
    .where('kind', '=', attempt.kind)
    .where('id', '=', attempt.id)
    .execute();
}

export async function failAttempt(db: Db, error: unknown): Promise<void> {
  await db
    .updateTable('due_failures')
    .set({ error: classOf(error) })
    .where('kind', '=', attempt.kind)
    .where('id', '=', attempt.id)
    .execute();
}

/**
 * The report of now: what is new in the log is counted and kept first, then all is compared in one snapshot, which
 * changes nothing. Reads what the service role may read.
 */
export async function countReport(
  services: ReportServices,
  stated: OperatorStatement,
): Promise<StoredReport> {
  const { db, vault, deadlines } = services;
  await keepCounting(db, { vault, recallHours: deadlines.recallHours });
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await actAsService(trx);
      const report = await makeReport(trx, services, stated);
      return { at: new Date(report.asOf), document: JSON.stringify(report) };
    });
}
