import { setImmediate as turn } from 'node:timers/promises';

/**
 * Does in groups what costs a round trip to the database. There is no timer: a group is what arrived while others were
 * under way, and in the turn of the event loop in which it begins. So a lone item waits for nothing.
 */
export class Groups<T> {
  /** Groups under way: this process works at one while PostgreSQL works at the other. */
  static readonly atOnce = 2;
  readonly #largest: number;
  readonly #work: (group: T[]) => Promise<void>;
  readonly #waiting: T[] = [];
  #underWay = 0;

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
    if (this.#underWay < Groups.atOnce) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#underWay++;
    for (await turn(); this.#waiting.length > 0; await turn()) {
      await this.#work(this.#waiting.splice(0, this.#largest));
    }
    this.#underWay--;
  }
}
