import { Problem } from '@recourse/protocol';

export interface AdmissionOptions {
  /** Work in flight at once: all queues together no more than the database pool has connections */
  readonly concurrency: number;
  /** Work that may wait */
  readonly queue: number;
  readonly waitMs?: number;
  /** Source of the work that is being let in */
  readonly source?: () => string;
}

export interface QueueFigures {
  readonly inFlight: number;
  readonly waiting: number;
  /** Since the start */
  readonly refused: number;
}

interface AdmissionWaiter {
  readonly enter: () => void;
  readonly refuse: (problem: Problem) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Lets a bounded number of calls in; a bounded number waits a bounded time; the rest hears `overloaded` at once, so that
 * under load answers stay quick and what cannot be done is said. Sources take turns, each in the order of its arrivals,
 * and none has more than half of the places: one that floods keeps others waiting for one of its calls, not for all.
 */
export class Admission {
  readonly #options: Required<AdmissionOptions>;
  /** Those that wait, by source: whose turn is next stands first */
  readonly #waiting = new Map<string, AdmissionWaiter[]>();
  /** In flight and waiting, by source */
  readonly #places = new Map<string, number>();
  #inFlight = 0;
  #waits = 0;
  #refused = 0;

  constructor(options: AdmissionOptions) {
    this.#options = { waitMs: 5_000, source: () => '', ...options };
  }

  get figures(): QueueFigures {
    return { inFlight: this.#inFlight, waiting: this.#waits, refused: this.#refused };
  }

  /** @throws Problem `overloaded`, or what the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const source = this.#options.source();
    const places = this.#places.get(source) ?? 0;
    const { concurrency, queue } = this.#options;
    if (source !== '' && places >= (concurrency + queue) / 2) throw this.#refusal();
    this.#places.set(source, places + 1);
    try {
      await this.#enter(source);
      try {
        return await work();
      } finally {
        this.#leave();
      }
    } finally {
      this.#give(source);
    }
  }

  #enter(source: string): Promise<void> {
    if (this.#inFlight < this.#options.concurrency) {
      this.#inFlight++;
      return Promise.resolve();
    }
    if (this.#waits >= this.#options.queue) return Promise.reject(this.#refusal());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(source, waiting), this.#options.waitMs);
      const waiting: AdmissionWaiter = { enter: resolve, refuse: reject, timer };
      const queue = this.#waiting.get(source);
      if (queue) queue.push(waiting);
      else this.#waiting.set(source, [waiting]);
      this.#waits++;
    });
  }

  /** Whoever is next takes the place that is left, which therefore stays counted. */
  #leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#inFlight--;
      return;
    }
    const [source, queue] = next;
    const waiting = queue.shift();
    this.#waiting.delete(source);
    if (queue.length > 0) this.#waiting.set(source, queue);
    this.#waits--;
    clearTimeout(waiting?.timer);
    waiting?.enter();
  }

  #giveUp(source: string, waiting: AdmissionWaiter): void {
    const queue = this.#waiting.get(source) ?? [];
    const place = queue.indexOf(waiting);
    if (place < 0) return;
    queue.splice(place, 1);
    if (queue.length === 0) this.#waiting.delete(source);
    this.#waits--;
    waiting.refuse(this.#refusal());
  }

  #refusal(): Problem {
    this.#refused++;
    return new Problem('overloaded', { retryAfterSeconds: 1 });
  }

  #give(source: string): void {
    const left = (this.#places.get(source) ?? 1) - 1;
    if (left > 0) this.#places.set(source, left);
    else this.#places.delete(source);
  }
}
