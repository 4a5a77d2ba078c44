import type { Db } from '../../kernel/database.ts';
import { sittingReviewers } from '../../parties/governance-store.ts';
import {
  callCounts,
  platformRows,
  partyCounts,
  recordCounts,
  untoldCounts,
  type CountRow,
  type RecordCount,
} from './happenings-store.ts';
import { ownersFigure, panelFigures } from './fold-parties.ts';
import { Tally, type Happening } from './tally.ts';

export interface TableCount {
  /** Everything */
  readonly all: Tally;
  /** The figures that the ledger should say as well: without records that are erased, and what is in no entry */
  readonly comparable: Tally;
}

/** The figures as the tables have them. */
export async function countTables(db: Db, now: Date): Promise<TableCount> {
  const all = new Tally();
  const comparable = new Tally();
  for (const row of await recordCounts(db)) {
    all.add(happeningOf(row));
    if (!row.erased) comparable.add(happeningOf(row));
  }
  for (const row of await partyCounts(db)) {
    all.add(counted(row));
    comparable.add(counted(row));
  }
  await countStanding(db, now, comparable);
  for (const row of await untoldCounts(db, now)) all.add(happeningOf(row));
  for (const row of await callCounts(db)) all.add(counted(row));
  return { all, comparable };
}

async function countStanding(db: Db, now: Date, tally: Tally): Promise<void> {
  for (const { id, owners } of await platformRows(db)) tally.add(ownersFigure(id, owners));
  for (const figure of panelFigures(await panelCounts(db, now))) tally.add(figure);
}

export async function panelCounts(
  db: Db,
  now: Date,
): Promise<{ reviewers: number; affiliations: number }> {
  const sitting = await sittingReviewers(db, now);
  const affiliations = sitting.reduce((sum, one) => sum + one.affiliations.length, 0);
  return { reviewers: sitting.length, affiliations };
}

const happeningOf = ({ figure, party, reason, period, days, n }: RecordCount): Happening => ({
  figure,
  party,
  reason,
  period,
  n,
  ...(days === null ? {} : { days }),
});

const counted = (row: CountRow): Happening => ({ ...row, reason: null });
