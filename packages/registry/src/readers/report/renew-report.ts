import {
  beginAttempt,
  endAttempt,
  failAttempt,
  storedReport,
  storeReport,
  withdrawAttempt,
  type StoredReport,
} from './report-store.ts';
import { type ReportServices } from './make-report.ts';

const renewedAfterMs = 24 * 3_600_000;

/**
 * Makes the report anew where it is a day old, and stores it: once a day, on one server. An attempt is recorded before it
 * begins, and for an hour no other begins, on any server. Whatever ends it leaves the report of the day before, which
 * says of when it is, and the attempt, which counts as failing.
 * @param count {@link countReport}, wherever that runs; `undefined` when this server was told to stop meanwhile
 * @returns whether it was made now
 */
export async function renewReport(
  { db, clock }: Pick<ReportServices, 'db' | 'clock'>,
  count: () => Promise<StoredReport | undefined>,
): Promise<boolean> {
  const before = await storedReport(db);
  if (isFresh(before, clock()) || !(await beginAttempt(db, clock()))) return false;
  // Another server may have made it since this one looked.
  if (isFresh(await storedReport(db), clock())) {
    await endAttempt(db);
    return false;
  }
  try {
    const report = await count();
    if (report === undefined) {
      await withdrawAttempt(db);
      return false;
    }
    await db.transaction().execute(async (trx) => {
      await storeReport(trx, report);
      await endAttempt(trx);
    });
    return true;
  } catch (error) {
    await failAttempt(db, error);
    throw error;
  }
}

const isFresh = (report: StoredReport | undefined, now: Date): boolean =>
  report !== undefined && now.getTime() - report.at.getTime() < renewedAfterMs;
