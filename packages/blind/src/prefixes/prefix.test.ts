import { expect, test } from 'vitest';
import { prefixBits, prefixOf } from './prefix.ts';

test.each([
  [0, 20],
  [8191, 20],
  [8192, 20],
  [16_383, 20],
  [16_384, 21],
  [99_999, 23],
  [10_000_000, 30],
  [2 ** 25, 32],
  [2 ** 31, 32],
])('%i tokens have prefixes of %i bits', (count, bits) => {
  expect(prefixBits(count)).toBe(bits);
});

test('a width stays until the size has left 0.8 x 2^k .. 1.25 x 2^(k+1)', () => {
  const [least, most] = [Math.ceil(0.8 * 2 ** 14), 1.25 * 2 ** 15];
  expect(
    [least - 1, least, 2 ** 14, 2 ** 15, most, most + 1].map((n) => prefixBits(n, 21)),
  ).toEqual([20, 21, 21, 21, 21, 22]);
});

test('an empty list goes back to the smallest width', () => {
  expect(prefixBits(0, 21)).toBe(20);
  expect(prefixBits(0, 20)).toBe(20);
});

test('a prefix is the first bits of a token', () => {
  const token = Uint8Array.of(0xff, 0x80, 0x00, 0x01, 0xaa);
  expect(prefixOf(token, 1)).toBe(1);
  expect(prefixOf(token, 9)).toBe(0x1ff);
  expect(prefixOf(token, 31)).toBe(0xff80_0001 >>> 1);
  expect(prefixOf(token, 32)).toBe(0xff80_0001);
});
