import { dueAt, type Deadlines } from '../bounds.ts';

/** Whoever seals to a key that is new has at least this. */
const freshKeyDays = 2;

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

/** Overdue: suspended; as long again: reversed. */
export const evidenceLapsesAt = (
  due: Date,
  { evidenceDueDays }: Pick<Deadlines, 'evidenceDueDays'>,
): Date => dueAt(due, 24 * evidenceDueDays);

const later = (a: Date | null, b: Date): Date => (a && a > b ? a : b);
