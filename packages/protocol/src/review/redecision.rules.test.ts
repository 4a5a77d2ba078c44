import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toBase64url } from '../bytes.ts';
import { isDrawn } from './redecision.rules.ts';

const bytes = (n: number): Uint8Array => createHash('sha256').update(String(n)).digest();
const root = toBase64url(bytes(-1));

test('one decision in twenty is drawn, by root and entry alone', () => {
  const drawn = (n: number): boolean => isDrawn({ root, leaf: toBase64url(bytes(n)) });
  const many = Array.from({ length: 20_000 }, (_, n) => drawn(n)).filter(Boolean).length;
  // 1,000 are expected; the hashes are fixed, and so is their number.
  expect(Math.abs(many - 1_000)).toBeLessThan(100);
  expect(drawn(7)).toBe(drawn(7));
});

test('drawn is whose hash is below 5 % of what its first four bytes could be', () => {
  const first = (leaf: Uint8Array): number =>
    createHash('sha256')
      .update('recourse/re-decision/1')
      .update(bytes(-1))
      .update(leaf)
      .digest()
      .readUInt32BE();
  for (let n = 0; n < 500; n++) {
    const expected = first(bytes(n)) < 2 ** 32 / 20;
    expect(isDrawn({ root, leaf: toBase64url(bytes(n)) })).toBe(expected);
  }
});
