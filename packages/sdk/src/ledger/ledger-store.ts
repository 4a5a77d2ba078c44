/** A checkpoint as it is kept. */
export interface KeptCheckpoint {
  readonly size: number;
  /** The signed note */
  readonly note: string;
}

/**
 * Keeps the newest checkpoint that was verified. Give one that outlives the process, or a ledger that is rolled back
 * meanwhile is not noticed. Several processes may share one.
 */
export interface LedgerStore {
  /** The note of the largest that was put */
  newest(): Promise<string | undefined>;
  /** Resolves when whoever opens the store finds it. One that is not larger than the newest changes nothing. */
  put(checkpoint: KeptCheckpoint): Promise<void>;
}

export function memoryLedgerStore(): LedgerStore {
  let kept: KeptCheckpoint | undefined;
  return {
    newest: async () => kept?.note,
    put: async (checkpoint) => {
      if (!kept || checkpoint.size > kept.size) kept = checkpoint;
    },
  };
}
