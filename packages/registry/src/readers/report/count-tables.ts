import { toBase64url, toTimestamp } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { sittingReviewers } from '../../parties/governance-store.ts';
import {
  callCounts,
  platformRows,
  partyCounts,
  recordRows,
  untoldRows,
  type CountRow,
  type RecordRow,
} from './happenings-store.ts';
import { ownersFigure, panelFigures } from './fold-parties.ts';
import { daysBetween, monthOf } from './periods.ts';
import { Tally, type Happening } from './tally.ts';

export interface TableCount {
  /** Everything */
  readonly all: Tally;
  /** The figures that the ledger should say as well: without records that are erased, and what is in no entry */
  readonly comparable: Tally;
}

/**
 * The figures as the tables have them.
 * @param of `erasedLeaves` leaf hashes of the `erased` entries of the log: nothing else excuses that entries of a record
 * cannot be opened
 */
export async function countTables(
  db: Db,
  { erasedLeaves, now }: { now: Date; erasedLeaves: ReadonlySet<string> },
): Promise<TableCount> {
  const all = new Tally();
  const comparable = new Tally();
  for await (const row of recordRows(db)) {
    all.add(happeningOf(row));
    if (!row.erased || !erasedLeaves.has(toBase64url(row.erased))) comparable.add(happeningOf(row));
  }
  for (const row of await partyCounts(db)) {
    all.add(counted(row));
    comparable.add(counted(row));
  }
  await countStanding(db, now, comparable);
  for await (const row of untoldRows(db, now)) all.add(happeningOf(row));
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

const happeningOf = ({ figure, party, reason, at, since }: RecordRow): Happening => ({
  figure,
  party,
  reason,
  period: monthOf(toTimestamp(at)),
  ...(since ? { days: daysBetween(toTimestamp(since), toTimestamp(at)) } : {}),
});

const counted = (row: CountRow): Happening => ({ ...row, reason: null });
