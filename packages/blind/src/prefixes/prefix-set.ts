import { sha256 } from '@noble/hashes/sha2.js';
import { BlindError } from '../errors.ts';
import { applyDelta, type PrefixDelta } from './apply-delta.ts';
import { prefixOf, widestPrefix } from './prefix.ts';
import { decodeAscending, encodeAscending } from './rice.ts';

/** First byte of a snapshot. */
const snapshotFormat = 1;
/** Entries that share an element of the index, 16 to 32: a search in one or two lines of a cache, for 0.25 bytes an entry at most. */
const entriesPerBucket = 16;
/**
 * Tokens of one set, and so its entries, at most: beyond 2^26 a prefix of 32 bits has fewer than the bits beyond the
 * size that a hit needs.
 */
export const mostEntries = 2 ** 26;
const checksumDomain = new TextEncoder().encode('recourse/prefixes/1');

/**
 * A set of token prefixes of one width. A hit means: ask the registry. It never changes; an update makes another.
 *
 * Held as a sorted array of 32-bit integers (4 bytes an entry), with the place where each value of the leading
 * bits begins.
 */
export class PrefixSet {
  /** Width of the prefixes, 1 to 32 */
  readonly bits: number;
  readonly size: number;
  readonly #sorted: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #shift: number;

  private constructor(sorted: Uint32Array, bits: number) {
    assertSize(sorted.length);
    const bucketBits = Math.max(1, Math.floor(Math.log2(sorted.length / entriesPerBucket)));
    this.bits = bits;
    this.size = sorted.length;
    this.#sorted = sorted;
    this.#shift = bits - bucketBits;
    this.#starts = bucketStarts(sorted, { shift: this.#shift, buckets: 2 ** bucketBits });
  }

  /**
   * @param sorted distinct prefixes, ascending; copied
   * @throws BlindError `prefixes-invalid` or `prefixes-too-many`
   */
  static of(sorted: Uint32Array, bits: number): PrefixSet {
    assertWidth(bits);
    assertSize(sorted.length);
    for (let i = 1; i < sorted.length; i++) {
      if (sorted[i]! <= sorted[i - 1]!) throw new BlindError('prefixes-invalid', 'not ascending');
    }
    if (sorted.length > 0 && sorted.at(-1)! >= 2 ** bits) {
      throw new BlindError('prefixes-invalid', 'wider than the set');
    }
    return new PrefixSet(sorted.slice(), bits);
  }

  /**
   * Reads a snapshot of {@link encode}. The bytes are attacker-controlled until their digest is compared.
   * @throws BlindError `prefixes-invalid` for anything else
   */
  static decode(snapshot: Uint8Array): PrefixSet {
    const [format, bits] = snapshot;
    if (format !== snapshotFormat || bits === undefined) {
      throw new BlindError('prefixes-invalid', 'not a snapshot of prefixes');
    }
    assertWidth(bits);
    return new PrefixSet(decodeAscending(snapshot.subarray(2), 2 ** bits), bits);
  }

  /** The snapshot: 1 || bits, a byte each || the prefixes as a Rice-coded list below 2^bits. One set has one spelling. */
  encode(): Uint8Array {
    const list = encodeAscending(this.#sorted, 2 ** this.bits);
    const snapshot = new Uint8Array(2 + list.length);
    snapshot.set([snapshotFormat, this.bits]);
    snapshot.set(list, 2);
    return snapshot;
  }

  has(token: Uint8Array): boolean {
    return this.hasPrefix(prefixOf(token, this.bits));
  }

  hasPrefix(prefix: number): boolean {
    const bucket = prefix >>> this.#shift;
    let low = this.#starts[bucket]!;
    let high = this.#starts[bucket + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! < prefix) low = middle + 1;
      else high = middle;
    }
    return this.#sorted[low] === prefix;
  }

  /** SHA-256 of "recourse/prefixes/1" || bits, one byte || each prefix ascending, four bytes big-endian. */
  checksum(): Uint8Array {
    const hash = sha256.create().update(checksumDomain).update(Uint8Array.of(this.bits));
    const chunk = new DataView(new ArrayBuffer(4 * 16_384));
    for (let from = 0; from < this.size; from += 16_384) {
      const part = this.#sorted.subarray(from, from + 16_384);
      for (let i = 0; i < part.length; i++) chunk.setUint32(4 * i, part[i]!);
      hash.update(new Uint8Array(chunk.buffer, 0, 4 * part.length));
    }
    return hash.digest();
  }

  /** The prefixes, ascending; a copy. */
  values(): Uint32Array {
    return this.#sorted.slice();
  }

  /**
   * The set after an update: removals by index first, then additions.
   * @throws BlindError `prefixes-invalid` for a delta that was not made for this set, or has another spelling
   */
  apply(delta: PrefixDelta): PrefixSet {
    return new PrefixSet(applyDelta(this.#sorted, delta, 2 ** this.bits), this.bits);
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

/** Where the entries of each bucket begin, and where the last ones end. */
function bucketStarts(
  sorted: Uint32Array,
  index: { readonly shift: number; readonly buckets: number },
): Uint32Array {
  const starts = new Uint32Array(index.buckets + 1);
  for (const entry of sorted) starts[(entry >>> index.shift) + 1]!++;
  for (let bucket = 0; bucket < index.buckets; bucket++) {
    starts[bucket + 1]! += starts[bucket]!;
  }
  return starts;
}
