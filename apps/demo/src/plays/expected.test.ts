import { expect, test } from 'vitest';
import { isExpected, openToday, verdictOf } from './expected.ts';
import { plays } from './plays.ts';

const open = new Set(['known']);

test.each([
  { name: 'other', held: true, verdict: 'held', expected: true },
  { name: 'other', held: false, verdict: 'NOT HELD', expected: false },
  { name: 'known', held: false, verdict: 'open', expected: true },
  { name: 'known', held: true, verdict: 'held, but listed as open', expected: false },
  { name: 'known', held: true, measured: true, verdict: 'held', expected: true },
  { name: 'known', held: false, measured: true, verdict: 'open', expected: true },
  { name: 'other', held: false, measured: true, verdict: 'NOT HELD', expected: false },
])('a play $name whose held is $held, measured $measured: $verdict', (row) => {
  const { verdict, expected, ...play } = row;
  const found = verdictOf(play, open);
  expect([found, isExpected(found)]).toEqual([verdict, expected]);
});

test('the list of what is open names plays that exist, and every play has a name of its own', () => {
  const names = plays.map(({ name }) => name);
  expect([...openToday].filter((name) => !names.includes(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});
