import type { Swept } from '@recourse/registry';

/** What one bounded part of a run left behind. */
export interface Part extends Swept {
  /** Whether anything may remain that another part would settle */
  readonly again: boolean;
}

/**
 * The runs of the registry over what is due: when an alarm rings, when the clock of a sandbox was moved, and every few
 * minutes for alarms that were lost. What is due is right at read time without it; it writes down what time alone has
 * done, so that platforms hear of it. One run at a time: whoever asks during one gets the run after it, and whoever
 * asks twice gets the same.
 */
export class DueWork {
  readonly #settle: () => Promise<Part>;
  readonly #onFailure: (error: unknown) => void;
  readonly #everyMs: number;
  #running: Promise<Swept> | undefined;
  #next: Promise<Swept> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param of `settle` does a bounded part of what is due */
  constructor(of: {
    settle: () => Promise<Part>;
    onFailure: (error: unknown) => void;
    everyMs: number;
  }) {
    this.#settle = of.settle;
    this.#onFailure = of.onFailure;
    this.#everyMs = of.everyMs;
  }

  /** Runs now, and again and again. */
  start(): void {
    void this.run().then(() => this.#arm());
  }

  /** Resolves when a run that began no earlier than now is over; it never fails. */
  run(): Promise<Swept> {
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

  #begin(): Promise<Swept> {
    this.#running = this.#settleAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #settleAll(): Promise<Swept> {
    const failed = new Set<string>();
    try {
      while (!this.#isStopped) {
        const part = await this.#settle();
        for (const key of part.failed) failed.add(key);
        if (!part.again) return { isWhole: part.isWhole, failed };
      }
    } catch (error) {
      this.#onFailure(error);
    }
    return { isWhole: false, failed };
  }

  #arm(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.start(), this.#everyMs);
    this.#timer.unref();
  }
}
