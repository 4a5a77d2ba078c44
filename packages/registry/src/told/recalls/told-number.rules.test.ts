import { expect, test } from 'vitest';
import { toldNumber, weekStart } from './told-number.rules.ts';

test('a week begins on Monday, 0:00 UTC', () => {
  const monday = new Date('2026-03-02T00:00:00Z');
  for (const at of ['2026-03-02T00:00:00Z', '2026-03-04T12:00:00Z', '2026-03-08T23:59:59.999Z']) {
    expect(weekStart(new Date(at))).toEqual(monday);
  }
  expect(weekStart(new Date('2026-03-01T23:59:59.999Z'))).toEqual(new Date('2026-02-23T00:00:00Z'));
});

test('the number tells no more than none, under five, or more', () => {
  expect([0, 1, 4, 5, 500].map(toldNumber)).toEqual([
    'none',
    'under-five',
    'under-five',
    'five-or-more',
    'five-or-more',
  ]);
});
