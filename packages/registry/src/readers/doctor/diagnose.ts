import type { VerifierKey } from '@recourse/ledger';
import type { Vault } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import { CallsComparison } from './calls.ts';
import { CheckpointComparison } from './checkpoints.ts';
import type { ReadEntry } from '../entries/comparison.ts';
import { Spools } from '../entries/spool.ts';
import type { Difference, FoundDifference } from '../entries/difference.ts';
import { LogLeaves } from './log-leaves.ts';
import { whole, type Part } from './part.ts';
import { KindsComparison } from './compare-kinds.ts';
import { KnownLosses, lossOf, mayBeLost } from './losses.ts';
import { readLog } from './log-pass.ts';
import { compareNextInstants } from './next-instants.ts';
import { Openings } from './openings.ts';
import { readTailEntries } from './tail-pass.ts';
import { comparePrefixes } from '../entries/prefixes.ts';
import { compareStatements } from '../entries/statements.ts';

export interface DoctorInput {
  readonly vault: Vault;
  /** The key of the log; its name is the origin */
  readonly key: VerifierKey;
  /** Checkpoints kept outside the database */
  readonly outside: readonly string[];
  /** Told of each difference as it is found */
  readonly onDifference: (difference: Difference) => void;
  /** Told what is being read, and how much of it was */
  readonly onProgress: (table: string, done: number, of?: number) => void;
}

/** How much was compared of one table. */
export interface ComparedTable {
  readonly table: string;
  readonly rows: number;
  /** Entries about it */
  readonly entries: number;
  /** Entries that could be compared by their number alone */
  readonly counted?: number;
}

/**
 * Compares a part of log and tables, in both directions and as this transaction sees them. Takes time in proportion to the
 * part, and space for temporary files. What a recovery lost and named is no difference any more: it is counted as the
 * entries of `ledger_losses`.
 * @returns also leaf hashes in hex of what waits for the log
 */
export async function comparePart(
  db: Db,
  part: Part,
  diagnosing: DoctorInput,
): Promise<{ compared: ComparedTable[]; waits: string[] }> {
  const losses = await KnownLosses.read(db);
  let known = 0;
  const onFound = (found: FoundDifference): void => {
    const { says: _, ...difference } = found;
    if (losses.has(found)) known++;
    else diagnosing.onDifference(difference);
  };
  losses.faults.forEach(onFound);
  const isLost = (found: FoundDifference): boolean => losses.has(found);
  const { compared, waits } = await compareAll(db, { ...diagnosing, part, onFound, isLost });
  if (losses.size > 0) compared.push({ table: 'ledger_losses', rows: losses.size, entries: known });
  return { compared, waits };
}

/**
 * Finds what differs in a part of a database that a recovery has brought up to date, as far as it may be lost: by a hash
 * each, in ascending order.
 */
export async function findLosses(
  db: Db,
  { part, ...doctor }: Pick<DoctorInput, 'vault' | 'key'> & { part: Part },
): Promise<string[]> {
  const losses = new Set<string>();
  const onFound = (found: FoundDifference): void => {
    if (mayBeLost(found)) losses.add(lossOf(found));
  };
  await compareAll(db, {
    ...doctor,
    part,
    outside: [],
    onProgress: () => {},
    onFound,
    isLost: () => true,
  });
  return [...losses].toSorted();
}

interface Comparing extends Omit<DoctorInput, 'onDifference'> {
  readonly part: Part;
  readonly onFound: (found: FoundDifference) => void;
  readonly isLost: (found: FoundDifference) => boolean;
}

interface Compared {
  readonly compared: ComparedTable[];
  readonly waits: string[];
}

async function compareAll(db: Db, comparing: Comparing): Promise<Compared> {
  const spools = new Spools();
  try {
    return await compareBy(db, { ...comparing, spools });
  } finally {
    spools.close();
  }
}

async function compareBy(db: Db, comparing: Comparing & { spools: Spools }): Promise<Compared> {
  const { vault, part, onFound, isLost, onProgress, spools } = comparing;
  const { cases } = part;
  const report = async <R>(found: AsyncGenerator<FoundDifference, R, undefined>): Promise<R> => {
    let next = await found.next();
    for (; !next.done; next = await found.next()) onFound(next.value);
    return next.value;
  };
  const kinds = new KindsComparison(spools);
  const onRead = (entry: ReadEntry): void => {
    if (!kinds.take(entry))
      onFound({ code: 'entry-without-row', index: entry.index, what: entry.type });
  };
  const log = new LogLeaves(spools, part);
  const checkpoints = new CheckpointComparison({ ...comparing, db, from: part.from });
  const onEntries = (done: number, all: number): void => onProgress('ledger_entries', done, all);
  const pass = { db, log, part, checkpoints, onRead, onProgress: onEntries };
  const isTail = part.to !== undefined;
  const waits = isTail ? [] : await report(readLog(pass));
  if (isTail) await readTailEntries(pass);
  onProgress('openings', 0);
  const openings = new Openings({ vault, log, part, isLost, spools });
  await report(openings.differences(db, onRead));
  const opened = openings.result;
  const onTable = (table: string): void => onProgress(table, 0);
  const found = await report(kinds.differences(db, { lost: opened.lost, cases, onTable }));
  await report(compareNextInstants(db, cases));
  onProgress('statements', 0);
  await report(compareStatements(db, { vault, cases }));
  onProgress('listed_subjects', 0);
  await report(comparePrefixes(db, { vault, cases, isWhole: part === whole }));
  onProgress('audit', 0);
  const calls = new CallsComparison({ vault, log, part, opened, spools });
  await report(calls.differences(db));
  const { rows, counted } = calls;
  const compared: ComparedTable[] = [
    { table: 'ledger_entries', rows: log.size - part.from, entries: log.size - part.from },
    { table: 'openings', rows: opened.rows, entries: log.sealed },
    ...found,
    { table: 'audit', rows, entries: log.calls, counted },
  ];
  return { compared, waits };
}
