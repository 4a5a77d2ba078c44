import { expect, test } from 'vitest';
import { daysBetween, monthOf } from './periods.ts';

test('the month of a timestamp', () => {
  expect(monthOf('2026-03-31T23:59:59Z')).toBe('2026-03');
});

test.each([
  ['2026-03-01T00:00:00Z', '2026-03-01T23:59:59Z', 0],
  ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', 1],
  ['2026-03-01T12:00:00Z', '2026-03-11T11:59:59Z', 9],
])('whole days from %s to %s: %d', (from, to, days) => {
  expect(daysBetween(from, to)).toBe(days);
});
