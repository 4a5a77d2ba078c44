import { BlindError } from '../errors.ts';
import { BitReader, BitWriter } from './bit-stream.ts';
import { entriesPerSlice, type Sliced } from './slices.ts';

/** What is known of a list before it is written. */
export interface ListShape {
  readonly count: number;
  readonly limit: number;
  /** Bytes that stand before it */
  readonly head?: Uint8Array;
}

/**
 * A strictly ascending list of integers from 0 to `limit` - 1, Golomb-Rice-coded as in Safe Browsing v5:
 *
 *     count       4 bytes, big-endian
 *     each gap    quotient in unary (ones, then a zero) || remainder in `parameter` bits
 *     padding     zero bits up to a whole byte
 *
 * A gap is the number of integers left out before an entry; its quotient and remainder are those by 2^parameter.
 * `limit` is at most 2^32 and known to both sides. The parameter follows from count and limit, so that a list has
 * one spelling, and its length is bounded whatever the entries are.
 *
 * @param parts the entries, some at a time; the work pauses after each
 */
export function* encodeAscending(
  parts: Iterable<Uint32Array>,
  { count, limit, head = new Uint8Array() }: ListShape,
): Sliced<Uint8Array> {
  const parameter = riceParameter(count, limit);
  const step = 2 ** parameter;
  // All quotients together are below limit / step, which is below 3 for each entry.
  const most = head.length + countBytes + Math.ceil((count * (parameter + 4)) / 8);
  const writer = new BitWriter(most);
  for (const byte of head) writer.write(byte, 8);
  writer.write(count, 8 * countBytes);
  let next = 0;
  for (const part of parts) {
    for (const entry of part) {
      const gap = entry - next;
      writer.writeUnary(Math.floor(gap / step));
      writer.write(gap % step, parameter);
      next = entry + 1;
    }
    yield;
  }
  return writer.finish();
}

/**
 * Reads a list of {@link encodeAscending}, some entries at a time.
 * @throws BlindError `prefixes-invalid` for anything else
 */
export function* decodeAscending(
  bytes: Uint8Array,
  limit: number,
): Generator<Uint32Array, void, undefined> {
  const reader = new BitReader(bytes);
  const count = reader.read(8 * countBytes);
  // The count is attacker-controlled: nothing is allocated that the bytes cannot fill.
  if (count > limit || count > 8 * bytes.length) {
    throw new BlindError('prefixes-invalid', 'more entries than there can be');
  }
  const parameter = riceParameter(count, limit);
  const step = 2 ** parameter;
  let next = 0;
  for (let read = 0; read < count;) {
    const part = new Uint32Array(Math.min(entriesPerSlice, count - read));
    for (let i = 0; i < part.length; i++) {
      const entry = next + reader.readUnary() * step + reader.read(parameter);
      if (entry >= limit) throw new BlindError('prefixes-invalid', 'out of range');
      part[i] = entry;
      next = entry + 1;
    }
    read += part.length;
    yield part;
  }
  reader.assertFinished();
}

/** Puts the parts of a list together, and pauses after each. */
export function* joinParts(parts: Iterable<Uint32Array>): Sliced<Uint32Array> {
  const all: Uint32Array[] = [];
  let length = 0;
  for (const part of parts) {
    all.push(part);
    length += part.length;
    yield;
  }
  const joined = new Uint32Array(length);
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const countBytes = 4;

/** The largest r with 2^r <= 0.69 x the mean gap: within a tenth of a bit of the best. In integers, the same anywhere. */
function riceParameter(count: number, limit: number): number {
  if (count === 0) return 0;
  let parameter = 0;
  while (count * 2 ** (parameter + 1) * 100 <= limit * 69) parameter++;
  return parameter;
}
