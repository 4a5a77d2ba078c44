import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fullAt,
  keptOf,
  leavesFor,
  refillSeconds,
  secondsUntil,
  sliceOf,
  unitsLeft,
  unserved,
  type Bucket,
} from './quota.rules.ts';

const at = new Date('2026-03-01T12:00:00Z');
const after = (seconds: number): Date => new Date(at.getTime() + seconds * 1000);
const bucket = (over: Partial<Bucket> = {}): Bucket => ({
  size: 86_400,
  spent: 86_400,
  at,
  ...over,
});

describe('a bucket comes back evenly over a day', () => {
  test.each([
    [0, 0],
    [1, 1],
    [43_200, 43_200],
    [86_400, 86_400],
    [400_000, 86_400],
    // A server whose clock is behind refills nothing.
    [-60, 0],
  ])('after %d s there are %d units', (seconds, left) => {
    expect(unitsLeft(bucket(), after(seconds))).toBe(left);
  });

  test('and there is never less than nothing, where operators made it smaller', () => {
    expect(unitsLeft(bucket({ size: 10 }), at)).toBe(0);
  });

  test('it is full when what was spent is back', () => {
    expect(fullAt(bucket({ spent: 21_600 }), at)).toEqual(after(21_600));
    expect(fullAt(bucket({ spent: 0 }), at)).toEqual(at);
    expect(fullAt(bucket({ size: 0, spent: 0 }), at)).toEqual(at);
  });
});

describe('who is refused hears when', () => {
  test('the units are there after the seconds it was told, and not one before', () => {
    const size = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(size, fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
        const units = Math.max(1, Math.floor(of * part));
        const empty = bucket({ size: of, spent: of });
        const seconds = secondsUntil(units, { size: of, left: 0 });
        expect(unitsLeft(empty, after(seconds))).toBeGreaterThanOrEqual(units - 1e-6);
        expect(unitsLeft(empty, after(seconds - 1))).toBeLessThan(units + 1e-6);
      }),
    );
  });

  test('at least a second, and a day where there is never as much', () => {
    expect(secondsUntil(5, { size: 1_000_000, left: 4.9999 })).toBe(1);
    expect(secondsUntil(65, { size: 64, left: 64 })).toBe(refillSeconds);
    expect(secondsUntil(1, { size: 0, left: 0 })).toBe(refillSeconds);
    expect(secondsUntil(64, { size: 64, left: 0 })).toBe(refillSeconds);
    expect(secondsUntil(64, { size: 64, left: 32 })).toBe(refillSeconds / 2);
  });
});

test('calls are served in their order, and a smaller one may still fit', () => {
  const calls = [40, 30, 20, 11, 10].map((units) => ({ units, leaves: 0 }));
  const unitsOf = (left: number) => unserved(calls, left).map(({ units }) => units);
  expect(unitsOf(70)).toEqual([20, 11, 10]);
  expect(unitsOf(60)).toEqual([30, 11, 10]);
  expect(unitsOf(111)).toEqual([]);
  expect(unserved(calls, 0)).toEqual(calls);
});

describe('a fifth of the bucket', () => {
  test.each([
    ['signup', 20],
    ['monetisation', 20],
    ['payout-change', 0],
    ['account-recovery', 0],
    ['safety-review', 0],
    ['vouching', 0],
  ] as const)('at %s a call leaves %i of a hundred units', (purpose, leaves) => {
    expect(leavesFor(purpose, 100)).toBe(leaves);
  });

  test('is rounded down: a bucket of four keeps none', () => {
    expect([0, 1, 4, 5, 9, 10, 8_000].map(keptOf)).toEqual([0, 0, 0, 1, 1, 2, 1_600]);
  });

  test('is left by calls that it is not kept for, whatever came before them', () => {
    const calls = [
      { units: 10, leaves: 20 },
      { units: 10, leaves: 0 },
      { units: 10, leaves: 20 },
      { units: 20, leaves: 0 },
    ];
    expect(unserved(calls, 40)).toEqual([calls[2]]);
    expect(unserved(calls, 29)).toEqual([calls[0], calls[2], calls[3]]);
  });
});

describe('a slice that a server takes out of a bucket', () => {
  test.each([
    ['what is needed and as much as came lately', [1_000, 0], [10, 50], 60],
    ['a tenth of what is left beyond it, at most', [110, 0], [10, 50], 20],
    ['nothing beyond it where nothing came', [1_000, 0], [10, 0], 10],
    ['what is needed where nothing is left beyond it', [10, 0], [10, 50], 10],
    ['nothing where what is needed is not there', [10, 0], [11, 50], 0],
    ['nothing of what stays for others', [100, 20], [81, 50], 0],
    ['a tenth of what does not stay for others', [100, 20], [70, 50], 71],
    ['whole units', [10.9, 0], [10, 50], 10],
  ] as const)('is %s', (...[, [left, leaves], [needed, recent], slice]) => {
    expect(sliceOf({ left, leaves }, { needed, recent })).toBe(slice);
  });
});
