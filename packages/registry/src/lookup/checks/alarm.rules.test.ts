import { describe, expect, test } from 'vitest';
import {
  alarmOf,
  countEmpty,
  emptyWindow,
  looksWithoutAsking,
  turnWindows,
  windowElements,
  type Window,
} from './alarm.rules.ts';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const window = (over: Partial<Window> = {}): Window => ({
  elements: windowElements,
  expected: 80,
  empty: 80,
  ...over,
});

test('fewer empty matches than half the false hits expected is looking without asking', () => {
  expect(looksWithoutAsking(window({ empty: 39 }))).toBe(true);
  expect(looksWithoutAsking(window({ empty: 40 }))).toBe(false);
  // Where no set is published nothing is expected.
  expect(looksWithoutAsking(window({ expected: 0, empty: 0 }))).toBe(false);
});

describe('a window', () => {
  test('closes at 10,000 elements', () => {
    const open = window({ elements: windowElements - 1 });
    expect(turnWindows({ open, closed: null }, now).windows).toEqual({ open, closed: null });
    const full = window();
    expect(turnWindows({ open: full, closed: null }, now).windows).toEqual({
      open: emptyWindow,
      closed: { ...full, at: now },
    });
  });

  test('is judged an hour after, when nothing more is asked about it', () => {
    const quiet = window({ empty: 0 });
    const closedFor = (seconds: number) => ({
      open: emptyWindow,
      closed: { ...quiet, at: ago(seconds) },
    });
    expect(turnWindows(closedFor(3_599), now)).toEqual({
      windows: closedFor(3_599),
      looked: undefined,
    });
    expect(turnWindows(closedFor(3_600), now)).toMatchObject({
      windows: { closed: null },
      looked: quiet,
    });
  });

  test('grows on while the one before waits, and closes with its judgement', () => {
    const waits = { open: window(), closed: { ...window(), at: ago(60) } };
    expect(turnWindows(waits, now).windows).toBe(waits);
    const due = { open: window({ elements: 30_000 }), closed: { ...window(), at: ago(3_600) } };
    expect(turnWindows(due, now)).toEqual({
      windows: { open: emptyWindow, closed: { ...due.open, at: now } },
      looked: undefined,
    });
  });
});

describe('an alarm', () => {
  const quiet = { surplus: 0, bucket: 800, share: 0.01 };

  test('tells counts of the window, and nothing of whom', () => {
    const looked = window({ expected: 80.4, empty: 3 });
    expect(alarmOf(looked, quiet)).toEqual({
      kind: 'looked-without-asking',
      counts: { elements: 10_000, expected: 80, empty: 3 },
    });
    expect(alarmOf(undefined, quiet)).toBeUndefined();
  });

  test('of enumeration is raised above three buckets and forty empty matches', () => {
    expect(alarmOf(undefined, { ...quiet, surplus: 6_400 })).toBeUndefined();
    expect(alarmOf(undefined, { ...quiet, surplus: 6_400.6 })).toEqual({
      kind: 'enumeration',
      counts: { bucket: 800, surplus: 6_401 },
    });
    expect(alarmOf(undefined, { bucket: 800, share: 1, surplus: 2_441 })?.kind).toBe('enumeration');
  });
});

describe('an empty match', () => {
  const asked = (...tokens: [number, string][]) =>
    tokens.map(([epoch, token]) => ({ epoch, token }));
  const all = () => true;

  test('is one of which nothing was told', () => {
    const tokens = asked([1, 'a'], [1, 'b'], [1, 'c']);
    expect(countEmpty(tokens, new Set([1]), all)).toBe(2);
    expect(countEmpty(tokens, new Set([0, 1, 2]), all)).toBe(0);
  });

  test('counts one identifier once, named twice or asked under two epochs', () => {
    expect(countEmpty(asked([1, 'a'], [1, 'a']), new Set(), all)).toBe(1);
    expect(countEmpty(asked([1, 'a'], [2, 'x']), new Set(), all)).toBe(1);
    expect(countEmpty(asked([1, 'a'], [2, 'x'], [2, 'y']), new Set(), all)).toBe(2);
  });

  test('is in the set', () => {
    const tokens = asked([1, 'a'], [1, 'b']);
    expect(countEmpty(tokens, new Set(), ({ token }) => token === 'b')).toBe(1);
  });
});
