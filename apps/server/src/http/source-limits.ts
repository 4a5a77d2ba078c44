export interface SourceLimitsOptions {
  /** Refused calls in a burst before a source is limited */
  readonly burst: number;
  /** Refused calls a second that it gets back */
  readonly perSecond: number;
  /** Sources remembered; the one longest unseen is forgotten */
  readonly sources?: number;
  /** Milliseconds that only grow */
  readonly now?: () => number;
}

interface Bucket {
  tokens: number;
  at: number;
  limited: boolean;
}

/**
 * A bucket of failures for each source address. Only calls that were not authenticated are charged, so a member may call
 * as fast as it likes, and whoever floods with bad signatures is refused before any of them is read. A limited source is
 * let in again when a tenth of its bucket is back, not for every single unit.
 *
 * Memory is bounded: addresses are attacker-controlled, and one that is forgotten starts with a full bucket.
 */
export class SourceLimits {
  readonly #options: SourceLimitsOptions;
  readonly #now: () => number;
  readonly #most: number;
  /** In the order of last use */
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: SourceLimitsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#most = options.sources ?? 20_000;
  }

  /** Seconds until this source may call again; 0 when it may now. */
  waitSeconds(source: string): number {
    const bucket = this.#buckets.get(source);
    if (!bucket) return 0;
    this.#refill(bucket);
    const needed = Math.max(1, this.#options.burst / 10);
    if (bucket.limited && bucket.tokens >= needed) bucket.limited = false;
    if (!bucket.limited) return 0;
    return Math.max(1, Math.ceil((needed - bucket.tokens) / this.#options.perSecond));
  }

  /**
   * Lets one call in, or says how many seconds to wait. A source with half its bucket gone pays before it is heard, and
   * gets its unit back for a good call: what it sends at once can then not exceed what it has left.
   */
  enter(source: string): { waitSeconds: number; isPaid: boolean } {
    const waitSeconds = this.waitSeconds(source);
    const bucket = this.#buckets.get(source);
    const isPaid =
      waitSeconds === 0 && bucket !== undefined && bucket.tokens < this.#options.burst / 2;
    if (isPaid) this.charge(source);
    return { waitSeconds, isPaid };
  }

  /** Gives back what a good call paid on entering. */
  refund(source: string): void {
    const bucket = this.#buckets.get(source);
    if (bucket) bucket.tokens = Math.min(this.#options.burst, bucket.tokens + 1);
  }

  /** Charges one refused call. */
  charge(source: string, units = 1): void {
    const bucket = this.#buckets.get(source) ?? {
      tokens: this.#options.burst,
      at: this.#now(),
      limited: false,
    };
    this.#refill(bucket);
    bucket.tokens = Math.max(0, bucket.tokens - units);
    if (bucket.tokens < 1) bucket.limited = true;
    this.#buckets.delete(source);
    this.#buckets.set(source, bucket);
    if (this.#buckets.size > this.#most) this.#forgetOldest();
  }

  get size(): number {
    return this.#buckets.size;
  }

  #refill(bucket: Bucket): void {
    const now = this.#now();
    const back = ((now - bucket.at) / 1000) * this.#options.perSecond;
    bucket.tokens = Math.min(this.#options.burst, bucket.tokens + back);
    bucket.at = now;
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
