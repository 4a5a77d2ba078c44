/**
 * The alarm clock of the registry. What is due is right at read time without it; it writes down what time alone has done,
 * so that platforms hear of it. One run at a time: whoever asks during one gets the run after it, and whoever asks twice
 * gets the same.
 */
export class DueWork {
  readonly #settle: () => Promise<boolean>;
  readonly #onFailure: (error: unknown) => void;
  readonly #everyMs: number;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param of `settle` does a bounded part of what is due, and says whether anything may remain */
  constructor(of: {
    settle: () => Promise<boolean>;
    onFailure: (error: unknown) => void;
    everyMs?: number;
  }) {
    this.#settle = of.settle;
    this.#onFailure = of.onFailure;
    this.#everyMs = of.everyMs ?? 30_000;
  }

  /** Runs now, and again and again. */
  start(): void {
    void this.run().then(() => this.#arm());
  }

  /** Resolves when a run that began no earlier than now is over; it never fails. */
  run(): Promise<void> {
    if (!this.#running && !this.#next) return this.#begin();
    this.#next ??= Promise.resolve(this.#running).then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  /** Lets the step in hand finish, and begins no other. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #begin(): Promise<void> {
    this.#running = this.#settleAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #settleAll(): Promise<void> {
    try {
      while (!this.#isStopped) if (!(await this.#settle())) return;
    } catch (error) {
      this.#onFailure(error);
    }
  }

  #arm(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.start(), this.#everyMs);
    this.#timer.unref();
  }
}
