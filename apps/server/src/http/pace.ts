export interface PaceOptions {
  /** Requests of one source that are served at once */
  readonly burst: number;
  /** And a second, after that */
  readonly perSecond: number;
  /** The longest that one waits for its turn; more are refused */
  readonly waitMs: number;
  /** Sources remembered; the one longest unseen is forgotten, and starts anew */
  readonly sources?: number;
  /** Milliseconds that only grow */
  readonly now?: () => number;
}

/**
 * Gives each request of a source its turn: at once within a burst, later beyond it (GCRA). One that reads as fast as it
 * is answered takes a share of the server, not all of it, and is slowed before it is refused: people behind one address
 * are many readers.
 */
export class Pace {
  readonly #options: Required<PaceOptions>;
  /** When the last request of a source is due by its rate alone, in the order of last use */
  readonly #due = new Map<string, number>();

  constructor(options: PaceOptions) {
    this.#options = { sources: 20_000, now: () => performance.now(), ...options };
  }

  /** Milliseconds until the turn of one more request; without one where too many wait. */
  turn(source: string): number | undefined {
    const { burst, perSecond, waitMs, now } = this.#options;
    const each = 1000 / perSecond;
    const at = now();
    const due = Math.max(this.#due.get(source) ?? at, at) + each;
    const wait = Math.max(0, due - at - burst * each);
    if (wait > waitMs) return undefined;
    this.#due.delete(source);
    this.#due.set(source, due);
    if (this.#due.size > this.#options.sources) this.#forgetOldest();
    return wait;
  }

  #forgetOldest(): void {
    const [oldest] = this.#due.keys();
    if (oldest !== undefined) this.#due.delete(oldest);
  }
}
