/** Counts what a recovery did and could not do: the public detail of its `restored`. */
export interface RecoveryCounts {
  /** Sanctions that ended, and cases whose keys were destroyed again */
  ended: number;
  erased: number;
  /** Sanctions that are suspended until somebody has looked */
  suspended: number;
  /** Platforms that were told, recalls that are owed for it, and those that were acknowledged */
  told: number;
  recalls: number;
  acknowledged: number;
  keysAdded: number;
  /** Keys in the log whose statement does not hold, or whose holder is not known */
  keysLeft: number;
  keysRevoked: number;
  /** Changes of parties and reviewers */
  parties: number;
  /** Sanctions that were submitted after the copy of the database was made, and are not in it */
  submissionsLost: number;
  /** Recalls of those */
  recallsLost: number;
}

export const noCounts: RecoveryCounts = {
  ended: 0,
  suspended: 0,
  erased: 0,
  told: 0,
  recalls: 0,
  acknowledged: 0,
  keysAdded: 0,
  keysLeft: 0,
  keysRevoked: 0,
  parties: 0,
  submissionsLost: 0,
  recallsLost: 0,
};
