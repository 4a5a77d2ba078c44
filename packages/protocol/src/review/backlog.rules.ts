/** An appeal that waited so long for a reviewer is of the backlog of its group. */
export const backlogDays = 10;
const leastBacklog = 20;

/** What waits before the panel on the records of one group, and what it decided of them. */
export interface Backlog {
  /** Appeals that have waited unassigned for {@link backlogDays}, a batch counted once */
  readonly waiting: number;
  readonly decidedIn30Days: number;
}

/** Above max(20, twice the panel's decisions on its records in 30 d) its new records are accepted, and held. */
export const isBehind = ({ waiting, decidedIn30Days }: Backlog): boolean =>
  waiting > Math.max(leastBacklog, 2 * decidedIn30Days);
