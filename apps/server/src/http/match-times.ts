import { randomInt } from 'node:crypto';
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
const rememberedMs = 60_000;
/** Of these one may be slower than what is told by: a single stall keeps nobody waiting for a minute. */
const outlierIn = 32;

/**
 * When answers to `checks.match` leave. A first disclosure takes twice the time of an answer without a record: whoever
 * sees the line between a platform and us, and reads none of it, could tell them apart. So an answer leaves at a moment
 * that is drawn without regard to its own time: between the time class of the slowest answers before it and twice that,
 * from the arrival of its request.
 *
 * The draw hides two things that a fixed class shows on a busy machine: that the server comes late to its timer because
 * of what the answer left to do, and that an answer is a little slower than all before it.
 */
export class MatchTimes {
  readonly #smallest: number;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #recent: { readonly at: number; readonly took: number }[] = [];

  constructor({ smallest, now, random }: MatchTimesOptions) {
    this.#smallest = smallest;
    this.#now = now ?? (() => performance.now());
    this.#random = random ?? unforeseen;
  }

  /** Waits until the request that is being answered may be. */
  async untilDrawn(): Promise<void> {
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
    const drawn = this.#draw(this.#slowest());
    this.#recent.push({ at, took });
    if (this.#recent.length > remembered) this.#recent.shift();
    return took <= drawn ? drawn : this.#draw(took);
  }

  #slowest(): number {
    const sorted = this.#recent.map((answer) => answer.took).toSorted((a, b) => b - a);
    return sorted[Math.floor(sorted.length / outlierIn)] ?? 0;
  }

  /** Evenly between the time class of `took` and twice that. */
  #draw(took: number): number {
    let timeClass = this.#smallest;
    while (timeClass < took) timeClass *= 2;
    return timeClass * (1 + this.#random());
  }
}

/** Chooses at random: earlier values do not tell the next, as with `Math.random` they do. */
const unforeseen = (): number => randomInt(2 ** 32) / 2 ** 32;
