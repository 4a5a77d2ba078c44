import { randomBytes } from 'node:crypto';
import {
  jcs,
  recallsOwed,
  toTimestamp,
  type Entry,
  type PairEntryType,
  type SanctionEntryType,
} from '@recourse/protocol';

/** One record in so many is told to two platforms, and one in so many of those is reversed. */
const toldOneIn = 16;
const reversedOneIn = 4;

/**
 * Commits as a registry writes them, each its entries in order: records with their notices, checks, disclosures, appeals,
 * and recalls that are acknowledged. The shares are those of the log that the whole demo leaves: half are calls, one in 60
 * is a disclosure. Hashes are random, since nobody can tell them from others; what the rules of the log relate to each
 * other is so related.
 */
export class LogStory {
  #records = 0;
  #waiting: Entry[][] = [];
  #at = '';

  /** The next commits, with at least so many entries together. */
  commits(count: number, at: Date): string[][] {
    this.#at = toTimestamp(at);
    const taken: string[][] = [];
    for (let entries = 0; entries < count; entries += taken.at(-1)!.length) {
      if (this.#waiting.length === 0) this.#waiting = this.#record(this.#records++).toReversed();
      taken.push(this.#waiting.pop()!.map((entry) => jcs(entry)));
    }
    return taken;
  }

  #record(place: number): Entry[][] {
    const ref = hash();
    return [
      [this.#of('sanction-submitted', ref), this.#calls()],
      [this.#of('notice-delivered', ref), this.#calls()],
      [this.#of('sanction-visible', ref)],
      [this.#calls()],
      ...(place % toldOneIn === 0 ? this.#told(ref, place) : []),
    ];
  }

  #told(ref: string, place: number): Entry[][] {
    const pairs = [hash(), hash()];
    return [
      ...pairs.map((pair) => [this.#pair('sanction-disclosed', pair), this.#calls()]),
      ...(place % (toldOneIn * reversedOneIn) === 0 ? this.#reversal(ref, pairs) : []),
    ];
  }

  #reversal(ref: string, pairs: readonly string[]): Entry[][] {
    const recalls = recallsOwed(pairs);
    return [
      ...(['appeal-opened', 'claim', 'evidence-delivered', 'appeal-decided'] as const).map(
        (type) => [this.#of(type, ref), this.#calls()],
      ),
      [
        ...pairs.map((pair) => this.#pair('recall-issued', pair)),
        { ...this.#of('sanction-ended', ref), cause: 'early', recalls },
        this.#calls(),
      ],
      ...pairs.map((pair) => [
        { ...this.#pair('recall-acknowledged', pair), ack: hash() },
        this.#calls(),
      ]),
    ];
  }

  #of(type: SanctionEntryType, ref: string): Extract<Entry, { ref: string }> {
    return { v: 1, type, at: this.#at, ref, digest: hash() };
  }

  #pair(type: PairEntryType, pair: string): Extract<Entry, { pair: string }> {
    return { v: 1, type, at: this.#at, pair, digest: hash() };
  }

  #calls(): Entry {
    return { v: 1, type: 'calls', at: this.#at, count: 1, root: hash() };
  }
}

const hash = (): string => randomBytes(32).toString('base64url');
