import type { Db } from '../../kernel/database.ts';
import { readState } from '../../log/store.ts';
import type { DoctorPlace } from '../../schema/doctor-place.ts';
import type { Difference } from '../entries/difference.ts';
import { comparePart, type ComparedTable, type DoctorInput } from './diagnose.ts';
import { partBehind, whole } from './part.ts';
import { keepPlace, readPlace, readSnapshot } from './place-store.ts';

/** More than wait for a sequencer that runs: the place is then left where it is. */
const mostWaiting = 10_000;

export interface Examination {
  readonly compared: readonly ComparedTable[];
  /** From where it compared; none where it compared all */
  readonly since?: Pick<DoctorPlace, 'size' | 'at' | 'wholeAt'>;
  /** Whether the next one begins where this one ended */
  readonly isKept: boolean;
}

/**
 * Compares what entries since the kept place speak of, and moves the place on where nothing differs. Where something
 * does, the place is dropped: the next run compares all, and finds it again. Compares all where no place is kept, or
 * the log before it has changed.
 * @param asked.isWhole compares all whatever is kept
 */
export async function examineLedger(
  db: Db,
  { isWhole, ...input }: DoctorInput & { isWhole: boolean },
): Promise<Examination> {
  const { vault } = input;
  let found = 0;
  const onDifference = (difference: Difference): void => {
    found++;
    input.onDifference(difference);
  };
  const { next, ...seen } = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((trx) => examineIn(trx, { ...input, isWhole, onDifference }));
  const isWell = found === 0;
  if (isWell && next.waiting.length > mostWaiting) return { ...seen, isKept: false };
  const isDone = await keep(keepPlace(db, vault, isWell ? next : undefined));
  return { ...seen, isKept: isDone && isWell };
}

/** The same in a transaction that is open. @returns also the place to keep where nothing differs */
export async function examineIn(
  db: Db,
  { isWhole, ...input }: DoctorInput & { isWhole: boolean },
): Promise<Omit<Examination, 'isKept'> & { next: DoctorPlace }> {
  const { at: now, ...seen } = await readSnapshot(db);
  const place = isWhole ? undefined : await readPlace(db, input.vault);
  const part = place && (await partBehind(db, place));
  const { compared, waits: waiting } = await comparePart(db, part ?? whole, input);
  const { size, root: rootBytes } = await readState(db);
  const root = Buffer.from(rootBytes).toString('hex');
  const at = now.toISOString();
  const wholeAt = place && part ? place.wholeAt : at;
  const next = { ...seen, size, root, waiting, at, wholeAt };
  return { compared, next, ...(place && part ? { since: place } : {}) };
}

/** A standby keeps nothing (`read_only_sql_transaction`). */
async function keep(keeping: Promise<void>): Promise<boolean> {
  try {
    await keeping;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '25006') return false;
    throw error;
  }
}
