import { expect, test } from 'vitest';
import { alarmsPage, readAlarmsPage } from './alarm-table.ts';

test('the tables in docs/alarms.md are what the rules of the alarms say', () => {
  const page = readAlarmsPage();
  expect(page).toBe(alarmsPage(page));
});

test('an honest member is stopped by a window less often than once in a million', () => {
  const [, honest = ''] = readAlarmsPage().split('| 100 % |');
  const stopped = honest.split('\n', 1).join().split('|').slice(0, 3).map(Number);
  expect(stopped.every((p) => p < 1e-6)).toBe(true);
});
