import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs } from './failure-class.ts';

/** How many deliveries are under way at once; as many find out that the registry is away */
const mostAtOnce = 8;

/**
 * Lets deliveries through: a few at once, and none while the registry is away. States: open, or closed until an instant;
 * whoever comes through then opens it, or closes it for longer.
 */
export class Gate {
  #failures = 0;
  #opensAt = 0;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  get isAway(): boolean {
    return this.#failures > 0;
  }

  /** Runs one attempt when it may. Rejects with the signal's reason. */
  async through<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    if (this.#inside >= mostAtOnce) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#inside++;
    try {
      await this.#opened(signal);
      return await attempt();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside--;
    }
  }

  /** The registry answered. */
  open(): void {
    this.#failures = 0;
    this.#opensAt = 0;
  }

  /** The registry was not there. Attempts that were under way at once count as one. */
  shut(retryAfterSeconds: number | undefined): void {
    const now = performance.now();
    if (now < this.#opensAt) return;
    this.#failures++;
    this.#opensAt = now + pauseMs(this.#failures, { retryAfterSeconds, random: Math.random() });
  }

  async #opened(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const left = this.#opensAt - performance.now();
      if (left <= 0) return;
      await sleep(left, undefined, { signal });
    }
  }
}
