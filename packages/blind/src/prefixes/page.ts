/** Bits of an entry that are held for itself; those before them are where it stands. */
const lowBits = 16;
const lowMask = 2 ** lowBits - 1;
/** Bits that entries of one page have in different blocks. */
const blockBits = 8;
/** Entries of one page have all bits before these in common. */
const pageBits = lowBits + blockBits;
const blocks = 2 ** blockBits;
/** Twice the usual distance of an entry from where it is looked for, in a block of a thousand. */
const nearby = 32;

/** The page of a set that a prefix belongs to. */
export const pageOf = (prefix: number): number => prefix >>> pageBits;

/** Pages of a set of a width. */
export const pagesOf = (bits: number): number => 2 ** Math.max(0, bits - pageBits);

/**
 * The entries of a set with the same leading bits, ascending: two bytes each, in blocks of the next eight bits. It
 * never changes, and sets that have it in common share it.
 */
export class Page {
  readonly size: number;
  readonly #low: Uint16Array;
  /** Where the entries of each block begin, and where the last ones end */
  readonly #starts: Uint32Array;

  constructor(low: Uint16Array, starts: Uint32Array) {
    this.size = low.length;
    this.#low = low;
    this.#starts = starts;
  }

  static readonly empty = new Page(new Uint16Array(), new Uint32Array(blocks + 1));

  /** Entries below a prefix of this page. */
  rank(prefix: number): number {
    const block = blockOf(prefix);
    const wanted = prefix & lowMask;
    let low = this.#starts[block]!;
    let high = this.#starts[block + 1]!;
    // Tokens are spread evenly: an entry is near where it would be among entries of one distance, in few cache lines.
    const guess = low + (((high - low) * wanted) >>> lowBits);
    if (guess - nearby > low && this.#low[guess - nearby]! < wanted) low = guess - nearby;
    if (guess + nearby < high && this.#low[guess + nearby]! >= wanted) high = guess + nearby;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#low[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  has(prefix: number): boolean {
    const rank = this.rank(prefix);
    return rank < this.#starts[blockOf(prefix) + 1]! && this.#low[rank] === (prefix & lowMask);
  }

  /** Writes entries from one place to another as prefixes. */
  read(into: Uint32Array, { index, from }: { index: number; from: number }): void {
    let block = lastBefore(this.#starts, from);
    for (let i = 0; i < into.length; i++) {
      while (from + i >= this.#starts[block + 1]!) block++;
      into[i] = ((index * blocks + block) * 2 ** lowBits + this.#low[from + i]!) >>> 0;
    }
  }
}

/** Makes pages out of ascending prefixes. */
export class PageWriter {
  #low = new Uint16Array(256);
  #starts = new Uint32Array(blocks + 1);
  #size = 0;
  #blocks = 0;

  add(prefix: number): void {
    const block = blockOf(prefix);
    while (this.#blocks <= block) this.#starts[this.#blocks++] = this.#size;
    if (this.#size === this.#low.length) {
      const grown = new Uint16Array(2 * this.#size);
      grown.set(this.#low);
      this.#low = grown;
    }
    this.#low[this.#size++] = prefix & lowMask;
  }

  /** The page of what was added, and begins the next. */
  finish(): Page {
    if (this.#size === 0) return Page.empty;
    this.#starts.fill(this.#size, this.#blocks);
    const page = new Page(this.#low.slice(0, this.#size), this.#starts.slice());
    this.#size = this.#blocks = 0;
    return page;
  }
}

const blockOf = (prefix: number): number => (prefix >>> lowBits) & (blocks - 1);

/** The block in which the entry at a place is. */
function lastBefore(starts: Uint32Array, place: number): number {
  let block = 0;
  while (starts[block + 1]! <= place && block < blocks - 1) block++;
  return block;
}
