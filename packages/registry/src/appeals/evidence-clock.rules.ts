import { dueAt, type Deadlines } from '../bounds.ts';

/** Whoever seals to a key that is new has at least this. */
const freshKeyDays = 2;
/** What the submitter has to deliver a fit item after one was destroyed. */
export const redeliveryDays = 3;

export interface KeyedClaim {
  readonly keyed_at: Date | null;
  readonly released_at: Date | null;
}

/**
 * When the submitter owes evidence, once a reviewer has a key: 7 d from opening, and never less than 2 d from
 * the key. A lost claim gives a new 7 d.
 * @param of `others` the other claims of the appeal, `dueAt` what stands now
 */
export function evidenceDueAt(
  of: { openedAt: Date; now: Date; dueAt: Date | null; others: readonly KeyedClaim[] },
  { evidenceDueDays }: Pick<Deadlines, 'evidenceDueDays'>,
): Date {
  const keyed = of.others.filter(({ keyed_at }) => keyed_at !== null);
  const fresh = dueAt(of.now, 24 * freshKeyDays);
  if (keyed.length === 0) return later(dueAt(of.openedAt, 24 * evidenceDueDays), fresh);
  const wasLost = keyed.some(({ released_at }) => released_at !== null);
  return later(of.dueAt, wasLost ? dueAt(of.now, 24 * evidenceDueDays) : fresh);
}

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
