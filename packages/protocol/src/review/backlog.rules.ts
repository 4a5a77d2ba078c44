/** An appeal that waited so long for a reviewer is of the backlog of its group. */
export const backlogDays = 10;
/** No group is behind with fewer. */
export const leastBacklog = 20;

/** The appeals on the records of one group that wait before the panel, and the appeals that it decided. */
export interface Backlog {
  /** Appeals that have waited unassigned for {@link backlogDays}, a batch counted once */
  readonly waiting: number;
  readonly decidedIn30Days: number;
  /** Reviewers are asked whether to suspend the group for speech, or suspended it */
  readonly isAsked: boolean;
}

/** max(20, twice the panel's decisions on its records in 30 d) */
export const backlogLimit = ({ decidedIn30Days }: Pick<Backlog, 'decidedIn30Days'>): number =>
  Math.max(leastBacklog, 2 * decidedIn30Days);

/** Above that its new records are accepted, and held until there are fewer; and while reviewers are asked about it. */
export const isBehind = (backlog: Backlog): boolean =>
  backlog.isAsked || backlog.waiting > backlogLimit(backlog);
