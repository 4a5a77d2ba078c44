import { expect, test } from 'vitest';
import { daysUntil, weekdays } from './weekdays.ts';

test('seven runs begin on seven weekdays, whatever today is', () => {
  for (let today = 0; today < 7; today++) {
    const began = weekdays.map((weekday) => (today + daysUntil(weekday, today)) % 7);
    expect(began).toEqual([1, 2, 3, 4, 5, 6, 0]);
  }
});
