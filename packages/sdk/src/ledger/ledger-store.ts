/** The ledger at one size, as a signed note says. */
export interface Head {
  readonly size: number;
  /** 32 bytes */
  readonly root: Uint8Array;
  readonly note: string;
}

/** A checkpoint as it is kept. */
export interface KeptCheckpoint {
  /** Number of entries */
  readonly size: number;
  /** The signed note */
  readonly note: string;
}

/**
 * Keeps the newest verified checkpoint. Give a store that outlives the process, or nobody notices a ledger that is
 * rolled back meanwhile. Several processes may share one.
 */
export interface LedgerStore {
  /** The note of the largest checkpoint */
  newest(): Promise<string | undefined>;
  /** Resolves when the checkpoint is durable. One that is not larger than the newest changes nothing. */
  put(checkpoint: KeptCheckpoint): Promise<void>;
}

/** A store in memory: each start believes the ledger anew. */
export function memoryLedgerStore(): LedgerStore {
  let latest: KeptCheckpoint | undefined;
  return {
    newest: async () => latest?.note,
    put: async (checkpoint) => {
      if (!latest || checkpoint.size > latest.size) latest = checkpoint;
    },
  };
}
