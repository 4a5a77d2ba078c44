import { dueAt, type Deadlines } from './deadlines.ts';

/** Days in which the submitter may deliver a fit item after one was destroyed. */
export const redeliveryDays = 3;

/**
 * When the submitter owes evidence: 7 d from the assignment. An assignment begins with the reviewer's key, since
 * nothing can be sealed before. So the wait for a reviewer, and for the key, costs the submitter nothing.
 * @param of `dueAt` the date that stands now, for another reviewer
 */
export const evidenceDueAt = (
  clock: { now: Date; dueAt: Date | null },
  { evidenceDueDays }: Pick<Deadlines, 'evidenceDueDays'>,
): Date => later(clock.dueAt, dueAt(clock.now, 24 * evidenceDueDays));

/** When evidence is due, and when the appeal succeeds because it is not there. */
export interface EvidenceClock {
  readonly dueAt: Date;
  readonly lapsesAt: Date;
}

/** Overdue: suspended; as long again: reversed. */
export const untilLapse = (
  due: Date,
  { evidenceDueDays }: Pick<Deadlines, 'evidenceDueDays'>,
): EvidenceClock => ({ dueAt: due, lapsesAt: dueAt(due, 24 * evidenceDueDays) });

/**
 * The clock after an item was destroyed: 3 d to deliver a fit one, and the reversal 14 d after the first such item of
 * the appeal. Nobody gains time by an item that nobody may hold: each item gives its three days, and only the first
 * moves the end.
 * @param of `owed` the date that is due already, and is not put off
 */
export function redeliveryClock(
  delivery: { now: Date; firstAt: Date; owed: Partial<EvidenceClock> },
  { evidenceDueDays }: Pick<Deadlines, 'evidenceDueDays'>,
): EvidenceClock {
  const due = later(delivery.owed.dueAt ?? null, dueAt(delivery.now, 24 * redeliveryDays));
  const lapses = delivery.owed.lapsesAt ?? dueAt(delivery.firstAt, 24 * 2 * evidenceDueDays);
  return { dueAt: due, lapsesAt: later(lapses, due) };
}

const later = (a: Date | null, b: Date): Date => (a && a > b ? a : b);
