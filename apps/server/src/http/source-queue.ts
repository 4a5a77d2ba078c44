import { Problem } from '@recourse/protocol';

export interface SourceQueueOptions {
  /** In flight at once, of one source */
  readonly perSource: number;
  /** Waiting behind them, of one source: as many, or as heavy */
  readonly waiting: number;
  /** Waiting in all, of all sources together */
  readonly waitingInAll?: number;
  /** In flight at once, of all sources together */
  readonly total?: number;
  readonly waitMs?: number;
}

interface Place {
  inFlight: number;
  weight: number;
  readonly queue: SourceWaiter[];
}

interface SourceWaiter {
  readonly enter: () => void;
  readonly weight: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Lets each source have a few requests in flight and a few waiting, so that one that floods takes no place of another.
 * A source is remembered while it has a request here, and no longer.
 */
export class SourceQueue {
  readonly #options: Required<SourceQueueOptions>;
  readonly #places = new Map<string, Place>();
  #inFlight = 0;
  #weight = 0;

  constructor(options: SourceQueueOptions) {
    this.#options = { total: Infinity, waitingInAll: Infinity, waitMs: 5_000, ...options };
  }

  /**
   * @param weight of what waits, in the unit of the bounds
   * @throws Problem `quota-exceeded` when the source has too many, `overloaded` when all have; or what the work throws
   */
  async run<T>(source: string, work: () => Promise<T>, weight = 1): Promise<T> {
    const place = this.#places.get(source) ?? { inFlight: 0, weight: 0, queue: [] };
    this.#places.set(source, place);
    try {
      await this.#enter(place, weight);
    } finally {
      this.#forget(source, place);
    }
    if (this.#inFlight >= this.#options.total) {
      this.#leave(source, place);
      throw overloaded();
    }
    this.#inFlight++;
    try {
      return await work();
    } finally {
      this.#inFlight--;
      this.#leave(source, place);
    }
  }

  get sources(): number {
    return this.#places.size;
  }

  #enter(place: Place, weight: number): Promise<void> {
    const { perSource, waiting: most, waitingInAll } = this.#options;
    if (place.inFlight < perSource) {
      place.inFlight++;
      return Promise.resolve();
    }
    if (place.weight + weight > most) return Promise.reject(tooMany());
    if (this.#weight + weight > waitingInAll) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        place.queue.splice(place.queue.indexOf(waiting), 1);
        this.#weigh(place, -weight);
        reject(tooMany());
      }, this.#options.waitMs);
      const waiting: SourceWaiter = { enter: resolve, weight, timer };
      place.queue.push(waiting);
      this.#weigh(place, weight);
    });
  }

  /** Whoever waits first takes the place that is left, which therefore stays counted. */
  #leave(source: string, place: Place): void {
    const next = place.queue.shift();
    if (next) {
      clearTimeout(next.timer);
      this.#weigh(place, -next.weight);
      return next.enter();
    }
    place.inFlight--;
    this.#forget(source, place);
  }

  #weigh(place: Place, weight: number): void {
    place.weight += weight;
    this.#weight += weight;
  }

  #forget(source: string, place: Place): void {
    if (place.inFlight === 0 && place.queue.length === 0) this.#places.delete(source);
  }
}

const tooMany = (): Problem => new Problem('quota-exceeded', { retryAfterSeconds: 2 });
const overloaded = (): Problem => new Problem('overloaded', { retryAfterSeconds: 2 });
