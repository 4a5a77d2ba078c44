import { expect, test } from 'vitest';
import { SmsBudget } from './sms-budget.ts';

test('so many messages a day for those who look for their cases, filled again steadily', () => {
  const clock = { now: 0 };
  const budget = new SmsBudget(3, () => clock.now);
  expect([1, 2, 3, 4].map(() => budget.admits())).toEqual([true, true, true, false]);
  clock.now += 28_800_001;
  expect([budget.admits(), budget.admits()]).toEqual([true, false]);
  clock.now += 100 * 86_400_000;
  expect([1, 2, 3, 4].map(() => budget.admits())).toEqual([true, true, true, false]);
});
