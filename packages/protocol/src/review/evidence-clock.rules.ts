import { dueAt, type Deadlines } from './deadlines.ts';

/** What the submitter has to deliver a fit item after one was destroyed. */
export const redeliveryDays = 3;

/**
 * When the submitter owes evidence: 7 d from the assignment, which begins with the reviewer's key, since nothing can be
 * sealed to it before. How long the appeal waited for a reviewer, and the reviewer with the key, costs the submitter nothing.
 * @param of `dueAt` what stands now, for another reviewer
 */
export const evidenceDueAt = (
  of: { now: Date; dueAt: Date | null },
  { evidenceDueDays }: Pick<Deadlines, 'evidenceDueDays'>,
): Date => later(of.dueAt, dueAt(of.now, 24 * evidenceDueDays));

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
 * Destroyed, with 3 d to redeliver; reversed 14 d after the first item of the appeal that was destroyed. Nobody gains
 * time by what nobody may hold: each item gives its three days, and only the first moves the end.
 * @param of `owed` what is due already, and is not put off
 */
export function redeliveryClock(
  of: { now: Date; firstAt: Date; owed: Partial<EvidenceClock> },
  { evidenceDueDays }: Pick<Deadlines, 'evidenceDueDays'>,
): EvidenceClock {
  const due = later(of.owed.dueAt ?? null, dueAt(of.now, 24 * redeliveryDays));
  const lapses = of.owed.lapsesAt ?? dueAt(of.firstAt, 24 * 2 * evidenceDueDays);
  return { dueAt: due, lapsesAt: later(lapses, due) };
}

const later = (a: Date | null, b: Date): Date => (a && a > b ? a : b);
