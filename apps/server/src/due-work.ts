/**
 * The runs of one server over what is due: over timers every few seconds, over everything at the start, now and then, and
 * when the clock of a sandbox was moved. What is due is right at read time without it; it writes down what time alone has
 * done, so that platforms hear of it. One run at a time: whoever asks during one gets the run after it, and whoever
 * asks twice gets the same.
 */
export class DueWork {
  readonly #options: DueWorkOptions;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: DueWorkOptions) {
    this.#options = options;
  }

  /** Runs now, and again and again. */
  start(): void {
    void this.run().then(() => this.#arm(1));
  }

  /** Resolves when a run over everything that began no earlier than now is over; it never fails. */
  run(): Promise<void> {
    if (!this.#running && !this.#next) return this.#begin({ timersOnly: false });
    this.#next ??= Promise.resolve(this.#running).then(() => {
      this.#next = undefined;
      return this.#begin({ timersOnly: false });
    });
    return this.#next;
  }

  /** Lets the step in hand finish, and begins no other. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #begin(of: DueQuery): Promise<void> {
    this.#running = this.#settleAll(of).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #settleAll(of: DueQuery): Promise<void> {
    try {
      while (!this.#isStopped && (await this.#options.settle(of)));
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  #arm(tick: number): void {
    if (this.#isStopped) return;
    const { everyMs, wholeEvery } = this.#options;
    this.#timer = setTimeout(() => {
      const run =
        tick % wholeEvery === 0
          ? this.run()
          : (this.#next ?? this.#running ?? this.#begin({ timersOnly: true }));
      void run.then(() => this.#arm(tick + 1));
    }, everyMs);
    this.#timer.unref();
  }
}

export interface DueQuery {
  readonly timersOnly: boolean;
}

interface DueWorkOptions {
  /** Does a bounded part of what is due. @returns whether another part may find more */
  readonly settle: (of: DueQuery) => Promise<boolean>;
  readonly onFailure: (error: unknown) => void;
  readonly everyMs: number;
  /** Of so many runs one looks at everything, and the others at timers alone */
  readonly wholeEvery: number;
}
