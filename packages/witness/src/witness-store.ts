/** The newest tree of a log that a witness cosigned, or was about to. */
export interface WitnessedTree {
  /** Signed checkpoint, with the signatures of the log alone */
  readonly note: string;
  /** Time of the latest cosignature, seconds since 1970 */
  readonly time: number;
}

/** One log, held by the one step that may change it. */
export interface HeldLog {
  /** Absent before the first */
  readonly latest: WitnessedTree | undefined;
  /** Resolves when a crash cannot lose it. @throws WitnessError `state-unwritable` */
  record(tree: WitnessedTree): Promise<void>;
}

/** The memory of a witness. A witness that forgets would sign a fork. */
export interface WitnessStore {
  /**
   * Runs one step on a log. No other step of this log runs until it is settled, so reading, deciding, recording and
   * cosigning are one.
   */
  exclusively<T>(origin: string, step: (log: HeldLog) => Promise<T>): Promise<T>;
  /** Waits for running steps, and lets another process open the store. Later steps throw `state-closed`. */
  close(): Promise<void>;
}
