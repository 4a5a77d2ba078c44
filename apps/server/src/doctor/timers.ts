import {
  countDueByKind,
  countFailing,
  type Db,
  type Deadlines,
  type FailureCount,
} from '@recourse/registry';

/** Work that is due, and the part of it that cannot be written, as an operator sees them. */
export interface TimerFindings {
  /** Number of steps that are due and not written down, by kind; all of it is right when read */
  readonly due: Readonly<Record<string, number>>;
  /** Timers that ran out ten minutes ago, or longer: they fail, or nobody looks at them */
  readonly late: number;
  readonly failing: readonly FailureCount[];
  readonly isWell: boolean;
}

/** Servers look every 5 seconds. */
const lateMinutes = 10;

export async function examineTimers(
  db: Db,
  { now, deadlines }: { now: Date; deadlines: Deadlines },
): Promise<TimerFindings> {
  const due = await countDueByKind(db, { now, deadlines });
  const before = new Date(now.getTime() - lateMinutes * 60_000);
  const ranOut = await countDueByKind(db, { now: before, deadlines, timersOnly: true });
  const failing = await countFailing(db);
  const late = Object.values(ranOut).reduce((sum, n) => sum + n, 0);
  return { due, late, failing, isWell: failing.length === 0 && late === 0 };
}

/** Each finding on a line, then what to do. */
export function explainTimers({ due, late, failing, isWell }: TimerFindings): string[] {
  return [
    ...Object.entries(due).map(([kind, n]) => line(n, `${kind} due and not written`)),
    ...failing.map(({ kind, error, n, failures }) =>
      line(n, `${kind} cannot be written: ${error}, up to ${failures} times`),
    ),
    line(late, `timers ran out ${lateMinutes} minutes ago or earlier`),
    isWell ? 'The timers are well.' : whatToDo(failing),
  ];
}

const line = (n: number, noun: string): string => `${String(n).padStart(8)}  ${noun}`;

const whatToDo = (failing: readonly FailureCount[]): string =>
  failing.length > 0
    ? 'Something due cannot be written: read the faults that a server logs as "due", and doctor --ledger names the rows. It is tried again, at least every hour, and answers are right meanwhile.'
    : 'Nobody looks at the timers: start a server, or read what it logs as "due". Answers are right meanwhile, but platforms are not told.';
