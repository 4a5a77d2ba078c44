import { sha256 } from '@noble/hashes/sha2.js';
import { BlindError } from '../errors.ts';
import { mergePages, type Replacement } from './merge.ts';
import { pageOf, pagesOf, PageWriter, type Page } from './page.ts';
import { prefixOf, widestPrefix } from './prefix.ts';
import { decodeAscending, encodeAscending, joinParts } from './rice.ts';
import { atOnce, entriesPerSlice, inSlices, type RunningHash, type Sliced } from './slices.ts';

/** First byte of a snapshot. */
const snapshotFormat = 1;
/**
 * Tokens of one set, and so its entries, at most: beyond 2^26 a prefix of 32 bits has fewer than the bits beyond the
 * size that a hit needs.
 */
export const mostEntries = 2 ** 26;
const checksumDomain = new TextEncoder().encode('recourse/prefixes/1');

/** A delta leads from one set to another of the same width (the semantics of Safe Browsing v5). */
export interface PrefixDelta {
  /** Rice-coded list of indices in the old sorted list: the prefixes that leave it */
  readonly removals: Uint8Array;
  /** Rice-coded list of the prefixes that are added */
  readonly additions: Uint8Array;
}

/** Prefixes that came to a set and left it, ascending. */
export interface SetChanges {
  readonly added: Uint32Array;
  readonly removed: Uint32Array;
}

/**
 * A set of token prefixes of one width. A hit means: ask the registry. It never changes; an update makes another, which
 * shares what stayed.
 *
 * Held as sorted arrays, a {@link Page} for each value of the leading bits: two bytes an entry and some for where they
 * begin. Whatever reads the whole set does it in slices, and the event loop goes on between two.
 */
export class PrefixSet {
  /** Width of the prefixes, 1 to 32 */
  readonly bits: number;
  readonly size: number;
  readonly #pages: readonly Page[];
  /** Entries before each page */
  readonly #bases: Uint32Array;

  private constructor(pages: readonly Page[], bits: number) {
    this.bits = bits;
    this.#pages = pages;
    this.#bases = new Uint32Array(pages.length + 1);
    for (const [i, page] of pages.entries()) this.#bases[i + 1] = this.#bases[i]! + page.size;
    this.size = this.#bases.at(-1)!;
    assertSize(this.size);
  }

  /**
   * A set of some entries, at once.
   * @param sorted distinct prefixes, ascending; copied
   * @throws BlindError `prefixes-invalid` or `prefixes-too-many`
   */
  static of(sorted: Uint32Array, bits: number): PrefixSet {
    return atOnce(PrefixSet.#reading([sorted], bits));
  }

  /** The same of entries that come some at a time, in slices. */
  static from(parts: Iterable<Uint32Array>, bits: number): Promise<PrefixSet> {
    return inSlices(PrefixSet.#reading(parts, bits));
  }

  /**
   * Reads a snapshot of {@link encode}. The bytes are attacker-controlled until their digest is compared.
   * @throws BlindError `prefixes-invalid` for anything else
   */
  static async decode(snapshot: Uint8Array): Promise<PrefixSet> {
    const [format, bits] = snapshot;
    if (format !== snapshotFormat || bits === undefined) {
      throw new BlindError('prefixes-invalid', 'not a snapshot of prefixes');
    }
    assertWidth(bits);
    return PrefixSet.from(decodeAscending(snapshot.subarray(2), 2 ** bits), bits);
  }

  static *#reading(parts: Iterable<Uint32Array>, bits: number): Sliced<PrefixSet> {
    assertWidth(bits);
    const writer = new PageWriter();
    const pages: Page[] = [];
    const below = 2 ** bits;
    let [last, size] = [-1, 0];
    for (const part of parts) {
      assertSize((size += part.length));
      for (const prefix of part) {
        if (prefix <= last) throw new BlindError('prefixes-invalid', 'not ascending');
        if (prefix >= below) throw new BlindError('prefixes-invalid', 'wider than the set');
        while (pages.length < pageOf(prefix)) pages.push(writer.finish());
        writer.add(prefix);
        last = prefix;
      }
      yield;
    }
    while (pages.length < pagesOf(bits)) pages.push(writer.finish());
    return new PrefixSet(pages, bits);
  }

  /** The snapshot: 1 || bits, a byte each || the prefixes as a Rice-coded list below 2^bits. One set has one spelling. */
  encode(): Promise<Uint8Array> {
    const head = Uint8Array.of(snapshotFormat, this.bits);
    const shape = { count: this.size, limit: 2 ** this.bits, head };
    return inSlices(encodeAscending(this.parts(), shape));
  }

  has(token: Uint8Array): boolean {
    return this.hasPrefix(prefixOf(token, this.bits));
  }

  hasPrefix(prefix: number): boolean {
    // What is no integer of 32 bits would be taken for another.
    if (prefix >>> 0 !== prefix) return false;
    return this.#pages[pageOf(prefix)]?.has(prefix) ?? false;
  }

  /** SHA-256 of "recourse/prefixes/1" || bits, one byte || each prefix ascending, four bytes big-endian. */
  checksum(hash: RunningHash = sha256.create()): Promise<Uint8Array> {
    return inSlices(this.#hashing(hash));
  }

  *#hashing(hash: RunningHash): Sliced<Uint8Array> {
    hash.update(checksumDomain);
    hash.update(Uint8Array.of(this.bits));
    const chunk = new DataView(new ArrayBuffer(4 * Math.min(entriesPerSlice, this.size)));
    for (const part of this.parts()) {
      for (let i = 0; i < part.length; i++) chunk.setUint32(4 * i, part[i]!);
      hash.update(new Uint8Array(chunk.buffer, 0, 4 * part.length));
      yield;
    }
    return hash.digest();
  }

  /** The prefixes, ascending, some at a time; copies. */
  *parts(): Generator<Uint32Array, void, undefined> {
    for (const [index, page] of this.#pages.entries()) {
      for (let from = 0; from < page.size; from += entriesPerSlice) {
        const part = new Uint32Array(Math.min(entriesPerSlice, page.size - from));
        page.read(part, { index, from });
        yield part;
      }
    }
  }

  /** All of {@link parts} at once. */
  values(): Uint32Array {
    return atOnce(joinParts(this.parts()));
  }

  /**
   * The set after an update: removals by index first, then additions.
   * @throws BlindError `prefixes-invalid` for a delta that was not made for this set, or has another spelling
   */
  apply(delta: PrefixDelta): Promise<PrefixSet> {
    return inSlices(this.#applying(delta));
  }

  *#applying(delta: PrefixDelta): Sliced<PrefixSet> {
    const removals = yield* joinParts(decodeAscending(delta.removals, this.size));
    const additions = yield* joinParts(decodeAscending(delta.additions, 2 ** this.bits));
    return yield* this.#replacing({ removals, additions });
  }

  /**
   * The set after changes.
   * @throws BlindError `prefixes-invalid` where they are none of this set
   */
  with(changes: SetChanges): Promise<PrefixSet> {
    return inSlices(this.#changing(changes));
  }

  *#changing({ added, removed }: SetChanges): Sliced<PrefixSet> {
    assertChanges([added, removed], this.bits);
    yield* this.#assertAll(removed, true);
    const removals = yield* joinParts(mapParts(removed, (prefix) => this.#rank(prefix)));
    return yield* this.#replacing({ removals, additions: added });
  }

  *#replacing(replacement: Replacement): Sliced<PrefixSet> {
    return new PrefixSet(yield* mergePages(this.#pages, replacement), this.bits);
  }

  /**
   * The one delta that leads to this set from the one that these changes made into it. Its cost follows the changes.
   * @throws BlindError `prefixes-invalid` where they are none that lead to this set
   */
  deltaBy(changes: SetChanges): Promise<PrefixDelta> {
    return inSlices(this.#leading(changes));
  }

  *#leading({ added, removed }: SetChanges): Sliced<PrefixDelta> {
    assertChanges([added, removed], this.bits);
    yield* this.#assertAll(added, true);
    yield* this.#assertAll(removed, false);
    let [come, gone] = [0, 0];
    // What stayed before an entry, and what left before it.
    const places = mapParts(removed, (prefix) => {
      while (come < added.length && added[come]! < prefix) come++;
      return this.#rank(prefix) - come + gone++;
    });
    const before = this.size - added.length + removed.length;
    const removals = { count: removed.length, limit: before };
    const additions = { count: added.length, limit: 2 ** this.bits };
    return {
      removals: yield* encodeAscending(places, removals),
      additions: yield* encodeAscending(partsOf(added), additions),
    };
  }

  *#assertAll(list: Uint32Array, areThere: boolean): Sliced<void> {
    for (const part of partsOf(list)) {
      if (part.some((prefix) => this.hasPrefix(prefix) !== areThere)) {
        throw new BlindError('prefixes-invalid', 'changes of another set');
      }
      yield;
    }
  }

  /** Entries below a prefix. */
  #rank(prefix: number): number {
    const page = pageOf(prefix);
    return this.#bases[page]! + this.#pages[page]!.rank(prefix);
  }
}

/** Each is looked for in the set, in lines of memory that no cache has. */
const lookedForAtOnce = 2 ** 12;

function* partsOf(list: Uint32Array): Generator<Uint32Array, void, undefined> {
  for (let from = 0; from < list.length; from += lookedForAtOnce) {
    yield list.subarray(from, from + lookedForAtOnce);
  }
}

function* mapParts(
  list: Uint32Array,
  map: (prefix: number) => number,
): Generator<Uint32Array, void, undefined> {
  for (const part of partsOf(list)) yield part.map(map);
}

function assertChanges(lists: readonly Uint32Array[], bits: number): void {
  for (const list of lists) {
    const isAscending = list.every((prefix, i) => i === 0 || list[i - 1]! < prefix);
    if (!isAscending || (list.at(-1) ?? 0) >= 2 ** bits) {
      throw new BlindError('prefixes-invalid', 'no changes of a set');
    }
  }
}

function assertWidth(bits: number): void {
  if (!Number.isInteger(bits) || bits < 1 || bits > widestPrefix) {
    throw new BlindError('prefixes-invalid', 'a width of 1 to 32 bits');
  }
}

function assertSize(size: number): void {
  if (size > mostEntries) {
    throw new BlindError('prefixes-too-many', `a set has ${mostEntries} entries at most`);
  }
}
