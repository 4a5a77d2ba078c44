import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toDay } from '../schemas.ts';
import { addMonths } from './months.ts';

it.each([
  ['2026-01-31T10:00:00.000Z', 1, '2026-02-28T10:00:00.000Z'],
  ['2028-01-31T10:00:00.000Z', 1, '2028-02-29T10:00:00.000Z'],
  ['2028-02-29T23:59:59.999Z', 12, '2029-02-28T23:59:59.999Z'],
  ['2026-08-31T00:00:00.000Z', 18, '2028-02-29T00:00:00.000Z'],
  ['2026-12-15T00:00:00.000Z', 1, '2027-01-15T00:00:00.000Z'],
  ['2026-03-30T00:30:00.000Z', 0, '2026-03-30T00:30:00.000Z'],
])('%s and %i months is %s', (from, months, to) => {
  expect(addMonths(new Date(from), months).toISOString()).toBe(to);
});

const date = fc.date({
  min: new Date('1990-01-01T00:00:00Z'),
  max: new Date('2200-01-01T00:00:00Z'),
  noInvalidDate: true,
});

it('lands in the month counted, on the same day or its last, at the same time of day', () => {
  fc.assert(
    fc.property(date, fc.integer({ min: 0, max: 60 }), (from, months) => {
      const to = addMonths(from, months);
      const monthOf = (date: Date): number => date.getUTCFullYear() * 12 + date.getUTCMonth();
      expect(monthOf(to)).toBe(monthOf(from) + months);
      expect(to.getTime() % 86_400_000).toBe(from.getTime() % 86_400_000);
      const next = new Date(to.getTime() + 86_400_000);
      const isClamped = to.getUTCDate() < from.getUTCDate() && next.getUTCDate() === 1;
      expect(to.getUTCDate() === from.getUTCDate() || isClamped).toBe(true);
    }),
  );
});

it('does not change its argument, and a later day never ends on an earlier one', () => {
  fc.assert(
    fc.property(date, date, fc.integer({ min: 0, max: 60 }), (a, b, months) => {
      const before = [a.getTime(), b.getTime()];
      const inOrder = toDay(addMonths(a, months)) <= toDay(addMonths(b, months));
      expect([a.getTime(), b.getTime()]).toEqual(before);
      expect(inOrder || toDay(a) > toDay(b)).toBe(true);
    }),
  );
});
