import { BlindError } from '../errors.ts';
import { widestPrefix } from './prefix.ts';
import { mostEntries } from './prefix-set.ts';

/** Tokens are spread evenly over their first byte: each part has one in 256 of them. */
const parts = 256;
const partShift = widestPrefix - 8;
const smallestPart = 64;

/** Some prefixes of a set, ascending, each with the number of tokens that have it. */
export interface CountedPrefixes {
  readonly prefixes: Uint32Array;
  readonly counts: Uint32Array;
}

/**
 * Counts the prefixes of tokens by sorting, in four to eight bytes a token: a `Map` of them takes twenty times as much,
 * and throws beyond 2^24 entries. It is sorted part by part, so that no step takes longer than some milliseconds.
 */
export class PrefixTally {
  readonly #parts = Array.from({ length: parts }, () => new Uint32Array(smallestPart));
  readonly #lengths = new Uint32Array(parts);
  readonly #most: number;
  #size = 0;

  /** @param most tokens that are taken */
  constructor(most = mostEntries) {
    this.#most = most;
  }

  /** Tokens that were added */
  get size(): number {
    return this.#size;
  }

  /**
   * @param prefix the first 32 bits of a token
   * @throws BlindError `prefixes-too-many`
   */
  add(prefix: number): void {
    if (this.#size >= this.#most) {
      throw new BlindError('prefixes-too-many', `a set has ${this.#most} tokens at most`);
    }
    const index = prefix >>> partShift;
    const length = this.#lengths[index]!;
    let part = this.#parts[index]!;
    if (length === part.length) {
      const grown = new Uint32Array(2 * length);
      grown.set(part);
      this.#parts[index] = part = grown;
    }
    part[length] = prefix;
    this.#lengths[index]!++;
    this.#size++;
  }

  /** The prefixes of so many bits (8 to 32) in ascending parts. Whoever takes them may pause between two. */
  *counted(bits: number): Generator<CountedPrefixes> {
    for (const [index, part] of this.#parts.entries()) {
      const sorted = part.subarray(0, this.#lengths[index]).sort();
      yield countRuns(sorted, widestPrefix - bits);
    }
  }
}

function countRuns(sorted: Uint32Array, shift: number): CountedPrefixes {
  const prefixes = new Uint32Array(sorted.length);
  const counts = new Uint32Array(sorted.length);
  let runs = 0;
  for (const long of sorted) {
    const prefix = long >>> shift;
    if (runs === 0 || prefixes[runs - 1] !== prefix) prefixes[runs++] = prefix;
    counts[runs - 1]!++;
  }
  return { prefixes: prefixes.subarray(0, runs), counts: counts.subarray(0, runs) };
}
