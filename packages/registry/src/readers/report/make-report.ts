import { smallestCell, toTimestamp, type TransparencyReport } from '@recourse/protocol';
import { mostWaiting } from '@recourse/protocol/review';
import type { Services } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { alarmsOf, decidedAgainOf, platformsOf, speechReasons } from './build-report.ts';
import { countLog, type LogCount } from './count-log.ts';
import { countTables, panelCounts, type TableCount } from './count-tables.ts';
import { countOpenAppeals, platformRows, undecidedOf } from './happenings-store.ts';
import { differencesOf } from './tally.ts';

export type ReportServices = Pick<Services, 'db' | 'vault' | 'clock' | 'deadlines'>;

/** The statement of the operator about itself. */
export interface OperatorStatement {
  readonly panelPaidBy: string | null;
}

/** Figures that the ledger has no entry of: it has the calls that they came by. */
const fromTablesOnly = ['match', 'refused', 'ticket', 'find', 'alarm', 'panel.undecided'];
/** Named, so that nobody takes silence for 0. */
const absent = ['alarms of checks, by platform', 'overrides of limits and alarms'];

const mostDifferences = 100;

/**
 * The report of a transaction that sees one state of everything: each figure from the tables, and again from the ledger,
 * and whether both are the same. Takes time for what is new in the log, and PostgreSQL's for what is in the tables.
 */
export async function makeReport(
  db: Db,
  services: ReportServices,
  { panelPaidBy }: OperatorStatement,
): Promise<TransparencyReport> {
  const now = services.clock();
  const { vault, deadlines } = services;
  const ledger = await countLog(db, { vault, now, recallHours: deadlines.recallHours });
  const tables = await countTables(db, now);
  const platforms = await platformRows(db);
  const { reviewers, affiliations } = await panelCounts(db, now);
  return {
    v: 1,
    asOf: toTimestamp(now),
    smallestCell,
    speechReasons: [...speechReasons],
    ...compared(tables, ledger),
    fromTablesOnly,
    absent,
    platforms: platformsOf(tables.all, { platforms, now }),
    panel: {
      reviewers,
      capacity: reviewers * mostWaiting,
      openAppeals: await countOpenAppeals(db),
      affiliations,
      paidBy: panelPaidBy,
      undecided: await undecidedOf(db),
      decidedAgain: decidedAgainOf(tables.all),
    },
    alarms: alarmsOf(tables.all),
  };
}

function compared(
  tables: TableCount,
  ledger: LogCount,
): Pick<TransparencyReport, 'agrees' | 'comparison'> {
  const differences = differencesOf(tables.comparable, ledger.tally);
  return {
    agrees: differences.length === 0 && ledger.unopened === 0,
    comparison: {
      entries: ledger.entries,
      cells: ledger.tally.cells.size,
      erasedRecords: ledger.erasedRecords,
      unopened: ledger.unopened,
      differences: differences.slice(0, mostDifferences).map((one) => ({ ...one })),
    },
  };
}
