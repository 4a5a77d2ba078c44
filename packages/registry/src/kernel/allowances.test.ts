import { expect, test } from 'vitest';
import { Allowances } from './allowances.ts';

test('a bucket of the usual size is counted at every submission', async () => {
  const allowances = new Allowances();
  let counts = 0;
  const now = new Date(0);
  for (let spent = 5; spent < 20; spent++) {
    const seen = await allowances.spent('a', 20, { now, count: async () => (counts++, spent) });
    expect(seen).toBe(spent);
  }
  expect(counts).toBe(15);
});

test('two servers together pass a large bucket by no more than a share of it', async () => {
  const limit = 10_000;
  const servers = [new Allowances(), new Allowances()];
  let submitted = 0;
  let counts = 0;
  const count = async () => (counts++, submitted);
  for (let i = 0; i < 30_000; i++) {
    const spent = await servers[i % 2]!.spent('a', limit, { now: new Date(0), count });
    if (spent < limit) submitted++;
  }
  expect(submitted).toBeLessThanOrEqual(limit * 1.07);
  expect(submitted).toBeGreaterThanOrEqual(limit);
  expect(counts).toBeLessThan(25_000);
});

test('what was allowed lapses after a minute, and with another limit', async () => {
  const allowances = new Allowances();
  let counts = 0;
  const spend = (limit: number, seconds: number) =>
    allowances.spent('a', limit, {
      now: new Date(seconds * 1000),
      count: async () => (counts++, 0),
    });
  await spend(1000, 0);
  await spend(1000, 59);
  expect(counts).toBe(1);
  await spend(1000, 60);
  await spend(2000, 62);
  expect(counts).toBe(3);
});
