import { storedReport, storeReport, takeReport, type StoredReport } from './report-store.ts';
import { makeReport, type ReportServices, type OperatorStatement } from './make-report.ts';

const renewedAfterMs = 24 * 3_600_000;

/**
 * Makes the report anew where it is a day old, and stores it: once a day, on one server, in one snapshot. A crash leaves
 * the report of the day before, which says of when it is.
 * @returns whether it was made now
 */
export async function renewReport(
  services: ReportServices,
  stated: OperatorStatement,
): Promise<boolean> {
  const { db, clock } = services;
  if (isFresh(await storedReport(db), clock())) return false;
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      // Another server is at it, or was since this one looked.
      if (!(await takeReport(trx)) || isFresh(await storedReport(trx), clock())) return false;
      const report = await makeReport(trx, services, stated);
      const document = JSON.stringify(report);
      await storeReport(trx, { at: new Date(report.asOf), document });
      return true;
    });
}

const isFresh = (report: StoredReport | undefined, now: Date): boolean =>
  report !== undefined && now.getTime() - report.at.getTime() < renewedAfterMs;
