import { reversalRules } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';

export const { windowDays, inquiryDays } = reversalRules;

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
export const isToBeWarned = (figures: Pick<Figures, 'decided' | 'reversed'>) =>
  (figures.reversed >= reversalRules.warnedFrom && isShare(figures, reversalRules.warnedPercent)) ||
  figures.reversed >= reversalRules.warnedAnyway;

const isShare = (
  { decided, reversed }: Pick<Figures, 'decided' | 'reversed'>,
  percent: number,
): boolean => reversed * 100 >= decided * percent;

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
  /** How often in 365 d reviewers were asked what to strike */
  readonly looks: number;
  /** They are being asked */
  readonly isLookedAt: boolean;
}

export type Measure = 'warning' | 'party-suspension' | 'inquiry' | 'strikes';

/**
 * What is due: warned once in 365 d; the panel asked at r >= 5 and r/n >= 40 % after a warning 30 d old, or at
 * r >= 20 in 90 d. Asked once at a time, and again only after another reversal. At r = 5, 10 and 20 three reviewers are asked
 * what to strike, whatever the rate, and once for each.
 */
export function measuresDue(figures: Figures, answered: PanelResponse, now: Date): Measure[] {
  const measures: Measure[] = [];
  const { warnedAt, askedAt, isAsked, isSuspended } = answered;
  const warned = warnedAt !== null && warnedAt > addDays(now, -windowDays) ? warnedAt : null;
  if (warned === null && isToBeWarned(figures)) measures.push('warning');
  if (isToBeLookedAt(figures, answered)) measures.push('strikes');
  const { newestReversal } = figures;
  if (isAsked || isSuspended || newestReversal === null) return measures;
  if (askedAt !== null && newestReversal <= askedAt) return measures;
  const asks = asksPanel(figures, warned, now);
  return asks ? [...measures, asks] : measures;
}

function isToBeLookedAt(
  { reversed }: Figures,
  { looks, isLookedAt }: Pick<PanelResponse, 'looks' | 'isLookedAt'>,
): boolean {
  const reached = reversalRules.looks.filter((limit) => reversed >= limit).length;
  return !isLookedAt && reached > looks;
}

function asksPanel(
  figures: Figures,
  warned: Date | null,
  now: Date,
): 'party-suspension' | 'inquiry' | undefined {
  const { warningDays, suspendedFrom, suspendedPercent, inquiryFrom } = reversalRules;
  const isWarned = warned !== null && addDays(warned, warningDays) <= now;
  if (isWarned && figures.reversed >= suspendedFrom && isShare(figures, suspendedPercent)) {
    return 'party-suspension';
  }
  return figures.reversedIn90Days >= inquiryFrom ? 'inquiry' : undefined;
}
