/** Bits beyond log2 of the size: one unlisted identifier in 64 to 128 hits, so that a hit alone tells nothing. */
const bitsBeyondSize = 7;
/** A set is as wide as one of 2^13 entries at least: 20 bits. */
const smallestSize = 2 ** 13;
/** A prefix fits into an unsigned integer of 32 bits. */
export const widestPrefix = 32;

/**
 * Width of the prefixes of a set: floor(log2 n) + 7 bits for n tokens, at least 2^13, and 32 bits at most. The
 * `current` width stays while n is within 0.8 x 2^k .. 1.25 x 2^(k+1), or a size that goes to and fro around a
 * power of two would make everybody load whole sets.
 */
export function prefixBits(count: number, current?: number): number {
  const size = Math.max(count, smallestSize);
  if (current !== undefined) {
    const power = 2 ** (current - bitsBeyondSize);
    if (size >= 0.8 * power && size <= 2.5 * power) return current;
  }
  return Math.min(Math.floor(Math.log2(size)) + bitsBeyondSize, widestPrefix);
}

/** The first `bits` bits (1 to 32) of a token as an unsigned integer. */
export const prefixOf = (token: Uint8Array, bits: number): number =>
  ((token[0]! << 24) | (token[1]! << 16) | (token[2]! << 8) | token[3]!) >>> (widestPrefix - bits);
