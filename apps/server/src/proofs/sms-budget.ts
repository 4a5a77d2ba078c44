const dayMs = 86_400_000;

/**
 * How many codes go out by text message in a day. Each costs money, and anybody may type anybody's number; notices have no
 * part in it, so that it can never use up theirs. In memory of one process.
 */
export class SmsBudget {
  readonly #aDay: number;
  readonly #now: () => number;
  #left: number;
  #at: number;

  constructor(
    aDay: number,
    /** Milliseconds that only grow */
    now: () => number = () => performance.now(),
  ) {
    this.#aDay = aDay;
    this.#now = now;
    this.#left = aDay;
    this.#at = now();
  }

  /** Counts a message; false when the budget is used up. It fills again steadily. */
  admits(): boolean {
    const now = this.#now();
    const filled = this.#left + ((now - this.#at) / dayMs) * this.#aDay;
    this.#left = Math.min(this.#aDay, filled);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
