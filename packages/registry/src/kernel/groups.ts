import { setImmediate as turn } from 'node:timers/promises';

/**
 * Does in groups what costs a round trip to the database. There is no timer: a group is what arrived while the last one
 * was under way, and in the turn of the event loop in which it begins. So a lone item waits for nothing.
 */
export class Groups<T> {
  readonly #largest: number;
  readonly #work: (group: T[]) => Promise<void>;
  readonly #waiting: T[] = [];
  #isWorking = false;

  /** @param work settles every item of its group, and never throws */
  constructor(largest: number, work: (group: T[]) => Promise<void>) {
    this.#largest = largest;
    this.#work = work;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(item: T): void {
    this.#waiting.push(item);
    if (!this.#isWorking) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isWorking = true;
    for (await turn(); this.#waiting.length > 0; await turn()) {
      await this.#work(this.#waiting.splice(0, this.#largest));
    }
    this.#isWorking = false;
  }
}
