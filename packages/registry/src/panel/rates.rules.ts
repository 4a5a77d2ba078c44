import { addDays } from '../kernel/bounds.ts';

/** Over which appeals count. */
export const windowDays = 365;
/** Over which an inquiry is asked for. */
export const inquiryDays = 90;
/** How old a warning is before the panel is asked to suspend. */
const warnedDays = 30;

/** One appeal that counts, at the instant it was closed. */
export interface CountedAppeal {
  readonly closedAt: Date;
  readonly reversed: boolean;
}

export interface Figures {
  readonly decided: number;
  readonly reversed: number;
  readonly reversedIn90Days: number;
  readonly newestReversal: Date | null;
}

/** Of the 365 d before an instant; what was closed 365 d ago to the moment counts no more. */
export function figuresOf(appeals: readonly CountedAppeal[], now: Date): Figures {
  const within = (days: number) => (one: CountedAppeal) =>
    one.closedAt > addDays(now, -days) && one.closedAt <= now;
  const decided = appeals.filter(within(windowDays));
  const reversed = decided.filter((one) => one.reversed);
  const times = reversed.map(({ closedAt }) => closedAt.getTime());
  return {
    decided: decided.length,
    reversed: reversed.length,
    reversedIn90Days: reversed.filter(within(inquiryDays)).length,
    newestReversal: times.length === 0 ? null : new Date(Math.max(...times)),
  };
}

/** Warned at r >= 3 and r/n >= 20 %, or r >= 10. */
export const isToBeWarned = ({ decided, reversed }: Pick<Figures, 'decided' | 'reversed'>) =>
  (reversed >= 3 && reversed * 5 >= decided) || reversed >= 10;

/** What has been done about a party. */
export interface PanelResponse {
  /** The newest warning */
  readonly warnedAt: Date | null;
  /** When the panel was last asked to suspend it */
  readonly askedAt: Date | null;
  /** It is being asked */
  readonly isAsked: boolean;
  /** The panel suspended it */
  readonly isSuspended: boolean;
}

export type Measure = 'warning' | 'party-suspension' | 'inquiry';

/**
 * What is due: warned once in 365 d; the panel asked at r >= 5 and r/n >= 40 % after a warning 30 d old, or at
 * r >= 20 in 90 d. Asked once at a time, and again only after another reversal.
 */
export function measuresDue(figures: Figures, answered: PanelResponse, now: Date): Measure[] {
  const measures: Measure[] = [];
  const { warnedAt, askedAt, isAsked, isSuspended } = answered;
  const warned = warnedAt !== null && warnedAt > addDays(now, -windowDays) ? warnedAt : null;
  if (warned === null && isToBeWarned(figures)) measures.push('warning');
  const { newestReversal } = figures;
  if (isAsked || isSuspended || newestReversal === null) return measures;
  if (askedAt !== null && newestReversal <= askedAt) return measures;
  const asks = asksPanel(figures, warned, now);
  return asks ? [...measures, asks] : measures;
}

function asksPanel(
  { decided, reversed, reversedIn90Days }: Figures,
  warned: Date | null,
  now: Date,
): 'party-suspension' | 'inquiry' | undefined {
  const isWarned = warned !== null && addDays(warned, warnedDays) <= now;
  if (isWarned && reversed >= 5 && reversed * 5 >= decided * 2) return 'party-suspension';
  return reversedIn90Days >= 20 ? 'inquiry' : undefined;
}
