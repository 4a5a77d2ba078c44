import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAscending, encodeAscending, joinParts } from './rice.ts';
import { atOnce } from './slices.ts';

const refusal = expect.objectContaining({ code: 'prefixes-invalid' });

const encoded = (list: Uint32Array, limit: number): Uint8Array =>
  atOnce(encodeAscending([list], { count: list.length, limit }));

const decoded = (bytes: Uint8Array, limit: number): Uint32Array =>
  atOnce(joinParts(decodeAscending(bytes, limit)));

const ascending = fc
  .record({
    limit: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.constantFrom(2 ** 20, 2 ** 31, 2 ** 32)),
    draws: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      maxLength: 300,
    }),
  })
  .map(({ limit, draws }) => ({
    limit,
    list: Uint32Array.from(new Set(draws.map((draw) => Math.floor(draw * limit)))).sort(),
  }));

describe('a Rice-coded list', () => {
  test('of a few entries is these bytes', () => {
    // Six entries below 64: a mean gap of 10.7, so 2 bits of remainder. Gaps 0, 1, 2, 3, 4, 40:
    // 0|00 0|01 0|10 0|11 10|00 11111111110|00
    const list = Uint32Array.of(0, 2, 5, 9, 14, 55);
    expect(bytesToHex(encoded(list, 64))).toBe('000000060538ffc0');
    expect(decoded(hexToBytes('000000060538ffc0'), 64)).toEqual(list);
  });

  test('without entries is its count', () => {
    expect(bytesToHex(encoded(new Uint32Array(), 2 ** 32))).toBe('00000000');
    expect(decoded(new Uint8Array(4), 0)).toEqual(new Uint32Array());
  });

  test('holds the largest integers', () => {
    const list = Uint32Array.of(2 ** 32 - 2, 2 ** 32 - 1);
    expect(decoded(encoded(list, 2 ** 32), 2 ** 32)).toEqual(list);
  });

  test('comes back as it was, for any entries and limit', () => {
    fc.assert(
      fc.property(ascending, ({ list, limit }) => {
        expect(decoded(encoded(list, limit), limit)).toEqual(list);
      }),
      { numRuns: 500 },
    );
  });

  test('has one spelling: whatever is read is written the same', () => {
    const bytes = fc
      .tuple(fc.integer({ min: 0, max: 12 }), fc.uint8Array({ maxLength: 24 }))
      .map(([count, rest]) => Uint8Array.of(0, 0, 0, count, ...rest));
    let read = 0;
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 300 }), (text, limit) => {
        const list = attempt(() => decoded(text, limit));
        if (list === undefined) return;
        read++;
        expect(encoded(list, limit)).toEqual(text);
      }),
      { numRuns: 20_000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  test.each([
    ['cut short', '000000060538ff'],
    ['with a byte too many', '000000060538ffc000'],
    ['with padding that is not zero', '000000060538ffc1'],
    ['beyond its limit', '000000060538fffc'],
    ['with more entries than bits', 'ffffffff0538ffc0'],
    ['with more entries than its limit', '000000410538ffc0' + 'ff'.repeat(64)],
    ['without a whole count', '000000'],
  ])('%s is refused', (_, text) => {
    expect(() => decoded(hexToBytes(text), 64)).toThrow(refusal);
  });
});

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
