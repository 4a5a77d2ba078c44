/** Length of the queue of the sequencer, and size of the log, in one look at the database. */
export interface Look {
  /** Milliseconds since 1970, when the answer was here */
  readonly now: number;
  /** Commits that wait: their place in the queue, and when they were written (ms since 1970) */
  readonly waiting: readonly { readonly seq: number; readonly at: number }[];
  /** Entries in the log, and under the newest checkpoint */
  readonly size: number;
  readonly signed: number;
}

/** Milliseconds of each commit that was seen waiting. */
export interface Lags {
  /** Until its entries had their index in the durable log */
  readonly sequenced: readonly number[];
  /** Until they were under a signed checkpoint */
  readonly signed: readonly number[];
}

/**
 * Measures the lag of the ledger from looks at it. It errs to the long side: a commit that waits is sequenced by the next
 * look at the latest, and one that was gone before any look is not counted.
 */
export class LagMeter {
  #waiting: ReadonlyMap<number, number> = new Map();
  #unsigned: { readonly size: number; readonly ats: readonly number[] }[] = [];
  readonly #sequenced: number[] = [];
  readonly #signed: number[] = [];

  take({ now, waiting, size, signed }: Look): void {
    const still = new Map(waiting.map(({ seq, at }) => [seq, at]));
    const gone = [...this.#waiting].flatMap(([seq, at]) => (still.has(seq) ? [] : at));
    this.#sequenced.push(...gone.map((at) => now - at));
    this.#waiting = still;
    if (gone.length > 0) this.#unsigned.push({ size, ats: gone });
    const isSigned = (waiting: { size: number }): boolean => waiting.size <= signed;
    for (const { ats } of this.#unsigned.filter(isSigned)) {
      this.#signed.push(...ats.map((at) => now - at));
    }
    this.#unsigned = this.#unsigned.filter((waiting) => !isSigned(waiting));
  }

  /** Nothing that was seen waits, and all of it is signed */
  get isSettled(): boolean {
    return this.#waiting.size === 0 && this.#unsigned.length === 0;
  }

  get lags(): Lags {
    return { sequenced: this.#sequenced, signed: this.#signed };
  }
}
