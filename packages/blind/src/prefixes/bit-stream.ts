import { BlindError } from '../errors.ts';

/** Bits into bytes, the highest bit of a byte first. The last byte is filled up with zeros. */
export class BitWriter {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(mostBytes: number) {
    this.#bytes = new Uint8Array(mostBytes);
  }

  write(value: number, bits: number): void {
    for (let left = bits; left > 0;) {
      const room = 8 - (this.#at & 7);
      const taken = Math.min(room, left);
      left -= taken;
      const part = (value >>> left) & ((1 << taken) - 1);
      this.#bytes[this.#at >>> 3]! |= part << (room - taken);
      this.#at += taken;
    }
  }

  /** `count` ones and a zero */
  writeUnary(count: number): void {
    for (let left = count; left > 0; left -= 8) this.write(0xff, Math.min(left, 8));
    this.write(0, 1);
  }

  /** A view: many megabytes are not copied at once. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, Math.ceil(this.#at / 8));
  }
}

/**
 * Bits out of bytes that somebody else wrote.
 * @throws BlindError `prefixes-invalid` beyond the end
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Up to 32 bits */
  read(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0;) {
      const room = 8 - (this.#at & 7);
      const taken = Math.min(room, left);
      const part = (this.#byte() >>> (room - taken)) & ((1 << taken) - 1);
      value = ((value << taken) | part) >>> 0;
      left -= taken;
      this.#at += taken;
    }
    return value;
  }

  /** The number of ones before the next zero */
  readUnary(): number {
    let count = 0;
    while ((this.#byte() >>> (7 - (this.#at & 7))) & 1) {
      count++;
      this.#at++;
    }
    this.#at++;
    return count;
  }

  /** One list has one spelling: what is left is less than a byte, and zeros. */
  assertFinished(): void {
    const left = this.#bytes.length * 8 - this.#at;
    if (left >= 8 || this.read(left) !== 0) {
      throw new BlindError('prefixes-invalid', 'more than the list');
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at >>> 3];
    if (byte === undefined) throw new BlindError('prefixes-invalid', 'shorter than its list');
    return byte;
  }
}
