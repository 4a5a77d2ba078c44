import { describe, expect, test } from 'vitest';
import { isRefusedFor } from './capacity.rules.ts';

const now = new Date('2026-06-01T12:00:00Z');
const open = new Map([
  ['a', 9],
  ['b', 4],
  ['c', 4],
  ['d', 2],
  ['e', 1],
]);
const refused = (days: number, of = open): string =>
  ['a', 'b', 'c', 'd', 'e', 'none']
    .filter((party) => {
      const oldest = new Date(now.getTime() - days * 86_400_000);
      return isRefusedFor({ oldest, open: of }, { party, now });
    })
    .join('');

describe('no capacity, no new records, first of those with most open appeals', () => {
  test('nobody before the tenth day', () => {
    expect([refused(0), refused(9.99)]).toEqual(['', '']);
  });

  test('a fifth of them more each day, equals together, and everybody from the fourteenth', () => {
    expect([10, 11, 12, 13].map((days) => refused(days))).toEqual(['a', 'abc', 'abc', 'abcd']);
    expect(refused(14)).toBe('abcdenone');
  });

  test('the only one with appeals is the first', () => {
    expect(refused(10, new Map([['d', 5000]]))).toBe('d');
  });
});
