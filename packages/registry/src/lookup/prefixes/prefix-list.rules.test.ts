import { prefixBits } from '@recourse/blind/prefixes';
import { expect, test } from 'vitest';
import {
  isDue,
  isFullSmaller,
  isKept,
  isSnapshotDue,
  keptDays,
  minWaitSeconds,
  publishEveryMs,
  renewEveryMs,
  widthToMake,
} from './prefix-list.rules.ts';

const asOf = new Date('2026-03-04T12:00:00Z');
const after = (ms: number): Date => new Date(asOf.getTime() + ms);

test('a change is with every member within a minute', () => {
  expect(isDue(asOf, { now: after(publishEveryMs), changed: true })).toBe(true);
  // Asked for, published and asked for again by whoever has just asked: with seconds to spare.
  expect(publishEveryMs + minWaitSeconds * 1_000).toBeLessThanOrEqual(45_000);
});

test('a set is published ten seconds after the last at the earliest, and unchanged after four minutes', () => {
  expect(isDue(asOf, { now: after(9_999), changed: true })).toBe(false);
  expect(isDue(asOf, { now: after(renewEveryMs - 1), changed: false })).toBe(false);
  expect(isDue(asOf, { now: after(renewEveryMs), changed: false })).toBe(true);
  // Two of them may be missed before members call it stale, after ten minutes.
  expect(renewEveryMs * 2).toBeLessThan(600_000);
});

test('a clock that was put back holds up no version, one that is a little behind makes none', () => {
  expect(isDue(asOf, { now: after(-renewEveryMs), changed: false })).toBe(true);
  expect(isDue(asOf, { now: after(-2_000), changed: true })).toBe(false);
});

test('a snapshot comes a day after the last, or where much changed, and never for nothing', () => {
  const due = (changes: number, now: Date, size = 100_000): boolean =>
    isSnapshotDue({ at: asOf, changes }, { size, now });
  expect(due(0, after(10 * 86_400_000))).toBe(false);
  expect(due(1, after(86_399_999))).toBe(false);
  expect(due(1, after(86_400_000))).toBe(true);
  expect(due(3_124, after(1))).toBe(false);
  expect(due(3_125, after(1))).toBe(true);
  expect(due(1_023, after(1), 10)).toBe(false);
  expect(due(1_024, after(1), 10)).toBe(true);
});

test('a full set is answered where the changes are more than a quarter of it, but for small ones', () => {
  expect(isFullSmaller(4_096, 10)).toBe(false);
  expect(isFullSmaller(4_097, 10)).toBe(true);
  expect(isFullSmaller(25_000, 100_000)).toBe(false);
  expect(isFullSmaller(25_001, 100_000)).toBe(true);
});

test('a delta is answered from versions of seven days', () => {
  expect(isKept(asOf, after(keptDays * 86_400_000))).toBe(true);
  expect(isKept(asOf, after(keptDays * 86_400_000 + 1))).toBe(false);
});

test('a narrower set is begun while the wider one may be published, and stays when it is there', () => {
  for (const bits of [21, 24, 30]) {
    const power = 2 ** (bits - 7);
    expect(widthToMake(Math.ceil(0.91 * power), bits)).toBe(bits);
    const tokens = Math.floor(0.89 * power);
    expect([prefixBits(tokens, bits), widthToMake(tokens, bits)]).toEqual([bits, bits - 1]);
    expect(widthToMake(tokens, bits - 1)).toBe(bits - 1);
    expect(widthToMake(3 * power, bits)).toBe(prefixBits(3 * power, bits));
  }
});
