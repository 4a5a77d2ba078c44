import { reasons, type ReasonCode } from '@recourse/protocol';
import { dueAt, type Deadlines } from '@recourse/protocol/review';
import { holdHoursOf } from '../records/membership.rules.ts';

/** The facts that decide how long the identifiers of a record are held. */
export interface HeldRecord {
  readonly reason: ReasonCode;
  readonly submittedAt: Date;
  readonly probationUntil: Date | null;
  /** It comes after a reversal of another group's record */
  readonly relayed: boolean;
}

type Holds = Pick<Deadlines, 'holdHours' | 'undeliveredDays'>;

/**
 * Each identifier counts by itself, or a submitter could notify an address of its own: one that a notice was delivered
 * to answers `review` after the hold, at once where the reason says now. A record of a probation, or after a reversal, is held for 7 d.
 */
export const deliveredHours = (
  record: HeldRecord,
  { holdHours }: Pick<Holds, 'holdHours'>,
): number => holdHoursOf(record, reasons[record.reason].answersNow ? 0 : holdHours);

export const reviewFrom = (record: HeldRecord, deliveredAt: Date, holds: Holds): Date =>
  holdEnds(deliveredAt, deliveredHours(record, holds));

/** Any other identifier of the record answers `verify-identity` alone: 14 d after the first notice, 72 h where the reason says now. */
export function othersFrom(record: HeldRecord, firstNoticeAt: Date, holds: Holds): Date {
  const { holdHours, undeliveredDays } = holds;
  const hours = reasons[record.reason].answersNow ? holdHours : 24 * undeliveredDays;
  return holdEnds(firstNoticeAt, holdHoursOf(record, hours));
}

/** A hold never ends on a day nobody works. */
const holdEnds = (from: Date, hours: number): Date => (hours === 0 ? from : dueAt(from, hours));

/** The earliest instant at which any identifier of a record answers. */
export const firstOf = (instants: readonly (Date | null)[]): Date | null =>
  instants.filter((at) => at !== null).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
