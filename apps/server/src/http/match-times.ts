import { setTimeout as delay } from 'node:timers/promises';
import { currentArrival } from './current-request.ts';

interface MatchTimesOptions {
  /** The smallest time class in milliseconds; 0: every answer leaves as soon as it can */
  readonly smallest: number;
  /** Milliseconds that only grow */
  readonly now?: () => number;
  /** From 0 to 1 */
  readonly random?: () => number;
}

/** Answers that say how busy the machine is, and for how long they do. */
const remembered = 64;
const rememberedMs = 10_000;

/**
 * When answers to `checks.match` leave. A first disclosure takes twice the time of an answer without a record: whoever
 * sees the line between a platform and us, and reads none of it, could tell them apart. So an answer leaves at a class
 * of time after its request arrived, and the class is that of the slowest answers before it: on a busy machine all leave
 * later together. The few that are slower still leave at a class drawn by lot.
 */
export class MatchTimes {
  readonly #smallest: number;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #recent: { readonly at: number; readonly took: number }[] = [];

  constructor({ smallest, now, random }: MatchTimesOptions) {
    this.#smallest = smallest;
    this.#now = now ?? (() => performance.now());
    this.#random = random ?? Math.random;
  }

  /** Waits until the request that is being answered may be. */
  async untilClass(): Promise<void> {
    if (this.#smallest === 0) return;
    const arrived = currentArrival();
    const leaves = arrived + this.leavesAfter(this.#now() - arrived);
    // Timers are of whole milliseconds, and may come early by a part of one.
    for (let left = leaves - this.#now(); left > 0; left = leaves - this.#now()) {
      await delay(Math.ceil(left));
    }
  }

  /** Milliseconds from arrival to answer of what took `took` of them, its waiting included. */
  leavesAfter(took: number): number {
    const at = this.#now();
    while (this.#recent[0] && this.#recent[0].at <= at - rememberedMs) this.#recent.shift();
    const slowest = Math.max(0, ...this.#recent.map((answer) => answer.took));
    const level = timeClass(slowest, this.#smallest);
    this.#recent.push({ at, took });
    if (this.#recent.length > remembered) this.#recent.shift();
    if (took <= level) return level;
    return timeClass(took, this.#smallest) * (this.#random() < 0.5 ? 1 : 2);
  }
}

/** The time class of `took`: `smallest`, twice that, four times that … */
function timeClass(took: number, smallest: number): number {
  let at = smallest;
  while (at < took) at *= 2;
  return at;
}
