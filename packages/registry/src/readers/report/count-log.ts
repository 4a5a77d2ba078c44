import { toTimestamp } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { foldVersion, LogFold, type Counting } from './log-fold.ts';
import {
  actAsService,
  dropFold,
  lockFold,
  readCells,
  readOrigin,
  readPlace,
  waitingEntries,
  writeFold,
} from './report-fold-store.ts';
import { Tally } from './tally.ts';

export interface LogCount {
  readonly tally: Tally;
  readonly entries: number;
  /** Entries that say that a case was erased */
  readonly erasedRecords: number;
  /** Entries that nothing opens, though their case was not erased */
  readonly unopened: number;
}

/** Entries or openings of one commit */
const stepSize = 1_000;

/** What was counted by another rule, from another copy, or with other deadlines is counted anew. */
const basisOf = async (db: Db, { recallHours }: { recallHours: number }): Promise<string> =>
  `${foldVersion} ${recallHours} ${await readOrigin(db)}`;

/**
 * The figures as the ledger has them: from its entries and what opens them, and from no other table. Goes on from what
 * {@link keepCounting} left, and keeps nothing. Takes memory for each cell, and otherwise for some cases.
 */
export async function countLog(
  db: Db,
  { now, ...counting }: Counting & { now: Date },
): Promise<LogCount> {
  const place = await readPlace(db, await basisOf(db, counting));
  const tally = new Tally();
  if (place) for (const values of await readCells(db)) tally.addValues(values);
  const fold = new LogFold(place);
  const options = { ...counting, atOnce: stepSize, settledOnly: false };
  while (!(await fold.step(db, options)).isLast);
  for (const text of await waitingEntries(db)) fold.take(text);
  fold.finish(toTimestamp(now));
  for (const values of fold.changes.values()) tally.addValues(values);
  const { entries, erased } = fold.place;
  return { tally, entries, erasedRecords: erased, unopened: fold.unopened };
}

/**
 * Counts what is new in the log and keeps it, some entries or openings a commit: whoever is stopped goes on from there.
 * Leaves out what a commit that is still open may come before.
 */
export async function keepCounting(
  db: Db,
  counting: Counting & { atOnce?: number },
): Promise<void> {
  for (let isLast = false; !isLast;)
    isLast = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((trx) => keepStep(trx, counting));
}

async function keepStep(
  trx: Db,
  { atOnce = stepSize, ...counting }: Counting & { atOnce?: number },
): Promise<boolean> {
  await actAsService(trx);
  await lockFold(trx);
  const basis = await basisOf(trx, counting);
  const place = await readPlace(trx, basis);
  if (!place) await dropFold(trx);
  const fold = new LogFold(place);
  const { cases, upto, isLast } = await fold.step(trx, { ...counting, atOnce, settledOnly: true });
  await writeFold(trx, { basis, place: fold.place, changes: fold.changes.values(), cases, upto });
  return isLast;
}
