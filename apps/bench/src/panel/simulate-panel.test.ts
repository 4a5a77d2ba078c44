import { expect, test } from 'vitest';
import { simulateFlood, type FloodSetting } from './flooded-panel.ts';
import { simulatePanel } from './simulate-panel.ts';

const setting: FloodSetting = {
  reviewers: 3,
  decisionsPerDay: 5,
  days: 200,
  flood: 1_000,
  analysts: 3,
  others: 100,
  groups: 5,
  seed: 1,
};
const simulated = (overrides: {
  reviewers?: number;
  deliveriesPerDay?: number;
  appeals?: number;
}) => {
  const { reviewers = 1, deliveriesPerDay = 4, appeals = 1 } = overrides;
  const arrivals = [{ group: 'a', appeals, overDays: 0, deliveriesPerDay }];
  const common = { decisionsPerDay: 5, days: 200, answerDays: 3, seed: 1 };
  const [result] = simulatePanel({ ...common, reviewers, arrivals });
  return result!;
};

test('an appeal is assigned, answered and decided in the days that these take', () => {
  expect(simulated({})).toMatchObject({ decided: 1, suspended: 0, days: [4], heldDays: 0 });
});

test('without reviewers a record is suspended, and ends undecided', () => {
  expect(simulated({ reviewers: 0 })).toMatchObject({ decided: 0, suspended: 1, undecided: 1 });
});

test('a submitter that answers nothing loses by its own lateness, and nobody else does', () => {
  expect(simulated({ deliveriesPerDay: 0 })).toMatchObject({ undelivered: 1, undecided: 0 });
  const { flooded, others } = simulateFlood({ ...setting, analysts: 0 });
  expect(flooded.undelivered).toBeGreaterThan(0);
  expect(others).toMatchObject({ decided: 100, undelivered: 0, heldDays: 0 });
});

test('a flood against one leaves the others their turn, and holds the records of that one alone', () => {
  const { flooded, others, calm } = simulateFlood(setting);
  expect(flooded).toMatchObject({ appeals: 1_000, undelivered: 0 });
  expect(flooded.heldDays).toBeGreaterThan(0);
  expect(flooded.decided + flooded.undecided + flooded.open).toBe(1_000);
  expect([others.decided, others.heldDays, calm.decided]).toEqual([100, 0, 100]);
  expect(others.p95! / calm.p95!).toBeLessThanOrEqual(2);
});

test('appeals on one evidence are one delivery and one assignment of fifty, so that a flood is sooner over', () => {
  const p95 = [0, 50, 100].map((together) => {
    const { flooded, others } = simulateFlood({ ...setting, together });
    expect(flooded).toMatchObject({ appeals: 1_000, decided: 1_000, undelivered: 0 });
    expect(others).toMatchObject({ decided: 100, heldDays: 0 });
    return flooded.p95!;
  });
  expect(p95).toEqual(p95.toSorted((one, other) => other - one));
  expect(new Set(p95).size).toBe(3);
});

test('a batch that gets no evidence falls whole', () => {
  const none = simulateFlood({ ...setting, together: 100, analysts: 0 });
  expect(none.flooded).toMatchObject({ decided: 0, undelivered: 1_000 });
});

test('the same seed plays the same panel', () => {
  expect(simulateFlood(setting)).toEqual(simulateFlood(setting));
});
