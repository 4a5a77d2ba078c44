import { quantile } from '../statistics.ts';
import { simulatePanel, type Arrivals, type GroupResult } from './simulate-panel.ts';

/** Answered by one person of a submitter in a day of work. */
const deliveriesOfAnalyst = 4;
/** People of every other group who answer for its records. */
const analystsOfOthers = 2;

/** A consortium, and a flood of appeals against one submitter of it, all at once. */
export interface FloodSetting {
  readonly reviewers: number;
  readonly decisionsPerDay: number;
  readonly days: number;
  readonly flood: number;
  /** How many of 100 appeals of the flood rest on one evidence; 0 when absent */
  readonly together?: number | undefined;
  /** People of the flooded submitter who answer with evidence */
  readonly analysts: number;
  /** Appeals on records of others, over all days but the last 50, which are left to decide them */
  readonly others: number;
  readonly groups: number;
  readonly seed: number;
}

/** The results of the appeals of many groups. */
export interface Summary {
  readonly appeals: number;
  readonly decided: number;
  readonly undelivered: number;
  readonly undecided: number;
  readonly open: number;
  readonly suspended: number;
  /** Days from opening to decision */
  readonly median: number | null;
  readonly p95: number | null;
  /** Decided within 30 days, of 100 */
  readonly within30: number;
  /** Days on which new records of one of them were held */
  readonly heldDays: number;
}

/** The appeals of a flood, and those of others with and without it. */
export interface FloodResult {
  readonly reviewers: number;
  /** Against the submitter that is flooded */
  readonly flooded: Summary;
  /** On records of others, meanwhile */
  readonly others: Summary;
  /** The same without the flood */
  readonly calm: Summary;
}

/** Plays the same consortium with the flood and without it. */
export function simulateFlood(setting: FloodSetting): FloodResult {
  const { reviewers, decisionsPerDay, days, seed, flood, analysts, together } = setting;
  const common = { reviewers, decisionsPerDay, days, seed, answerDays: 3 };
  const calm = othersOf(setting);
  const flooded: Arrivals = {
    group: 'flooded',
    appeals: flood,
    overDays: 0,
    deliveriesPerDay: analysts * deliveriesOfAnalyst,
    together,
  };
  const [ofFlooded, ...others] = simulatePanel({ ...common, arrivals: [flooded, ...calm] });
  return {
    reviewers,
    flooded: summaryOf(ofFlooded ? [ofFlooded] : []),
    others: summaryOf(others),
    calm: summaryOf(simulatePanel({ ...common, arrivals: calm })),
  };
}

/** Groups with as many appeals each, as far as they go round. */
function othersOf({ others, groups, days }: FloodSetting): Arrivals[] {
  const overDays = Math.max(1, days - 50);
  return Array.from({ length: groups }, (_, n) => ({
    group: `other ${n + 1}`,
    appeals: Math.floor(others / groups) + (n < others % groups ? 1 : 0),
    overDays,
    deliveriesPerDay: analystsOfOthers * deliveriesOfAnalyst,
  }));
}

function summaryOf(results: readonly GroupResult[]): Summary {
  const sum = (figure: (group: GroupResult) => number): number =>
    results.reduce((total, one) => total + figure(one), 0);
  const days = results.flatMap((result) => result.days).toSorted((a, b) => a - b);
  const appeals = sum((one) => one.appeals);
  const inTime = days.filter((day) => day <= 30).length;
  return {
    appeals,
    decided: days.length,
    undelivered: sum((one) => one.undelivered),
    undecided: sum((one) => one.undecided),
    open: sum((one) => one.open),
    suspended: sum((one) => one.suspended),
    median: days.length === 0 ? null : quantile(days, 0.5),
    p95: days.length === 0 ? null : quantile(days, 0.95),
    within30: appeals === 0 ? 100 : (100 * inTime) / appeals,
    heldDays: sum((one) => one.heldDays),
  };
}
