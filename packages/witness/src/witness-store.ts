/** The newest tree of a log that a witness cosigned, or was about to. */
export interface WitnessedTree {
  /** Signed checkpoint, with the signatures of the log alone */
  readonly note: string;
  /** Of the latest cosignature, seconds since 1970 */
  readonly time: number;
}

/** One log, in the hands of the one step that may change it. */
export interface HeldLog {
  /** Absent before the first */
  readonly latest: WitnessedTree | undefined;
  /** Resolves when a crash cannot lose it. @throws WitnessError `state-unwritable` */
  record(tree: WitnessedTree): Promise<void>;
}

/** What a witness must not forget: forgetting is the same as signing a fork. */
export interface WitnessStore {
  /**
   * Runs one step on a log: no other step of this log runs until it is settled, so that reading, deciding, recording
   * and cosigning are one.
   */
  exclusively<T>(origin: string, step: (log: HeldLog) => Promise<T>): Promise<T>;
  /** Waits for the steps that run, and lets another process open it. Later steps throw `state-closed`. */
  close(): Promise<void>;
}
