import { Problem } from '@recourse/protocol';

export interface AdmissionOptions {
  /** Work in flight at once: no more than the database pool has connections, or the pool queues and slows */
  readonly concurrency: number;
  /** Work that may wait */
  readonly queue: number;
  readonly waitMs?: number;
}

interface AdmissionWaiter {
  readonly enter: () => void;
  readonly refuse: (problem: Problem) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Lets a bounded number of calls in; a bounded number waits a bounded time in the order of arrival; the rest hears
 * `overloaded` at once, so that under load answers stay quick and what cannot be done is said.
 */
export class Admission {
  readonly #options: Required<AdmissionOptions>;
  readonly #queue: AdmissionWaiter[] = [];
  #inFlight = 0;

  constructor(options: AdmissionOptions) {
    this.#options = { waitMs: 5_000, ...options };
  }

  /** @throws Problem `overloaded`, or what the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> {
    if (this.#inFlight < this.#options.concurrency) {
      this.#inFlight++;
      return Promise.resolve();
    }
    if (this.#queue.length >= this.#options.queue) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(waiting), this.#options.waitMs);
      const waiting: AdmissionWaiter = { enter: resolve, refuse: reject, timer };
      this.#queue.push(waiting);
    });
  }

  /** Whoever waits first takes the place that is left, which therefore stays counted. */
  #leave(): void {
    const next = this.#queue.shift();
    if (!next) {
      this.#inFlight--;
      return;
    }
    clearTimeout(next.timer);
    next.enter();
  }

  #giveUp(waiting: AdmissionWaiter): void {
    const place = this.#queue.indexOf(waiting);
    if (place < 0) return;
    this.#queue.splice(place, 1);
    waiting.refuse(overloaded());
  }
}

const overloaded = (): Problem => new Problem('overloaded', { retryAfterSeconds: 1 });
