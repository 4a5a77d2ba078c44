import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../tests/fixtures.ts';
import { encodeEntryBundle, parseEntryBundle } from './index.ts';

const entry = fc.uint8Array({ maxLength: 600 });

describe('a bundle of entries (tlog-tiles, "Log entries")', () => {
  test('is each entry after its length in two bytes', () => {
    const long = new Uint8Array(0x0102).fill(7);
    const bytes = encodeEntryBundle([Uint8Array.of(9), new Uint8Array(0), long]);
    expect(bytes).toEqual(Uint8Array.of(0, 1, 9, 0, 0, 1, 2, ...long));
    expect(parseEntryBundle(bytes, 3)).toEqual([Uint8Array.of(9), new Uint8Array(0), long]);
  });

  test('is read back', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 256 }), (entries) => {
        expect(parseEntryBundle(encodeEntryBundle(entries), entries.length)).toEqual(entries);
      }),
      { numRuns: 50 },
    );
  });

  test('may be full of the longest entries', async () => {
    const longest = new Uint8Array(0xffff).fill(1);
    const bytes = encodeEntryBundle(Array.from({ length: 256 }, () => longest));
    expect(parseEntryBundle(bytes, 256).at(-1)).toEqual(longest);
    expect(await codeOf(() => encodeEntryBundle([new Uint8Array(0x10000)]))).toBe(
      'bundle-malformed',
    );
  });

  test('is refused when cut anywhere, or longer', async () => {
    const bytes = encodeEntryBundle([Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)]);
    for (let length = 0; length < bytes.length; length++) {
      const code = await codeOf(() => parseEntryBundle(bytes.subarray(0, length), 3));
      expect(code).toBe('bundle-malformed');
    }
    const longer = Uint8Array.of(...bytes, 0);
    expect(await codeOf(() => parseEntryBundle(longer, 3))).toBe('bundle-malformed');
  });

  test.each([0, 2, 4, 257, -1, 1.5, Number.NaN])('of three has no %d entries', async (width) => {
    const bytes = encodeEntryBundle([1, 2, 3].map((byte) => Uint8Array.of(byte)));
    expect(await codeOf(() => parseEntryBundle(bytes, width))).toBe('bundle-malformed');
  });

  test('is not made of nothing or of 257', async () => {
    for (const length of [0, 257]) {
      const entries = Array.from({ length }, () => new Uint8Array(1));
      expect(await codeOf(() => encodeEntryBundle(entries))).toBe('bundle-malformed');
    }
    expect(await codeOf(() => parseEntryBundle(new Uint8Array(257 * 2), 257))).toBe(
      'bundle-malformed',
    );
  });
});
