/**
 * The loop of a server over one kind of due work. What is due is right at read time without it; it writes down what time
 * alone has done, so that platforms hear of it. One run at a time: whoever asks during one gets the run after it, and
 * whoever asks twice gets the same. A run that fails or takes long harms no other loop.
 */
export class DueWork {
  readonly #options: DueWorkOptions;
  readonly #stopping = new AbortController();
  #running: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #endedAt = performance.now();

  constructor(options: DueWorkOptions) {
    this.#options = options;
  }

  /** Seconds since a run ended: of one that hangs they grow. */
  get age(): number {
    return (performance.now() - this.#endedAt) / 1_000;
  }

  /** Runs now, and again and again. */
  start(): void {
    void this.run().then(() => this.#arm());
  }

  /**
   * Resolves when a run that began no earlier than now is over; it never fails.
   * @returns whether it wrote anything
   */
  run(): Promise<boolean> {
    if (!this.#running && !this.#next) return this.#begin();
    this.#next ??= Promise.resolve(this.#running).then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  /** Lets the step in hand finish, and begins no other. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #begin(): Promise<boolean> {
    this.#running = this.#settleAll().finally(() => {
      this.#running = undefined;
      this.#endedAt = performance.now();
    });
    return this.#running;
  }

  async #settleAll(): Promise<boolean> {
    const { signal } = this.#stopping;
    const { settle, onSlow, onFailure } = this.#options;
    const slow = setTimeout(onSlow, slowMs).unref();
    let hasWritten = false;
    try {
      while (!signal.aborted && (await settle(signal))) {
        hasWritten = true;
        slow.refresh();
      }
    } catch (error) {
      onFailure(error);
    }
    clearTimeout(slow);
    return hasWritten;
  }

  #arm(): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => {
      void (this.#next ?? this.#running ?? this.#begin()).then(() => this.#arm());
    }, this.#options.everyMs);
    this.#timer.unref();
  }
}

/** As long as a pass usually takes, many times over. */
const slowMs = 60_000;

interface DueWorkOptions {
  /** Does a bounded part of what is due. @returns whether another part may find more */
  readonly settle: (signal: AbortSignal) => Promise<boolean>;
  /** A part takes more than a minute */
  readonly onSlow: () => void;
  readonly onFailure: (error: unknown) => void;
  readonly everyMs: number;
}
