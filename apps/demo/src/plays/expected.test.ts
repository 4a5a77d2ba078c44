import { expect, test } from 'vitest';
import { isExpected, openToday, verdictOf } from './expected.ts';
import { plays } from './plays.ts';

const open = new Set(['known']);

test.each([
  ['other', true, 'held', true],
  ['other', false, 'NOT HELD', false],
  ['known', false, 'open', true],
  ['known', true, 'held, but listed as open', false],
])('a play %s that is held: %s is %s, as expected: %s', (name, held, verdict, expected) => {
  const found = verdictOf({ name, held }, open);
  expect([found, isExpected(found)]).toEqual([verdict, expected]);
});

test('the list of what is open names plays that exist, and every play has a name of its own', () => {
  const names = plays.map(({ name }) => name);
  expect([...openToday].filter((name) => !names.includes(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});
