import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  figuresOf,
  isToBeWarned,
  measuresDue,
  type PanelResponse,
  type Figures,
} from './rates.rules.ts';

const day = 86_400_000;
const now = new Date('2026-06-30T12:00:00Z');
const ago = (days: number, ms = 0): Date => new Date(now.getTime() - days * day - ms);

const figures = (of: Partial<Figures>): Figures => ({
  decided: 0,
  reversed: 0,
  reversedIn90Days: 0,
  newestReversal: ago(1),
  ...of,
});
const answered = (of: Partial<PanelResponse> = {}): PanelResponse => ({
  warnedAt: ago(30),
  askedAt: null,
  isAsked: false,
  isSuspended: false,
  looks: 3,
  isLookedAt: false,
  ...of,
});

describe('warned at r >= 3 and r/n >= 20 %, or r >= 10', () => {
  test.each([
    [3, 15, true],
    [3, 16, false],
    [2, 2, false],
    [4, 20, true],
    [4, 21, false],
    [9, 46, false],
    [9, 45, true],
    [10, 100_000, true],
  ])('%i of %i: %s', (reversed, decided, expected) => {
    expect(isToBeWarned({ reversed, decided })).toBe(expected);
  });
});

test.each([
  [4, 0, []],
  [5, 0, ['strikes']],
  [5, 1, []],
  [9, 1, []],
  [10, 1, ['strikes']],
  [10, 2, []],
  [20, 2, ['strikes']],
  [20, 3, []],
])('%i reversals after %i looks: reviewers look, whatever n is', (reversed, looks, due) => {
  const of = (isLookedAt: boolean) => answered({ looks, isLookedAt, warnedAt: ago(1) });
  const many = figures({ reversed, decided: 100_000 });
  const dueOf = (isLookedAt: boolean) =>
    measuresDue(many, of(isLookedAt), now).filter((measure) => measure === 'strikes');
  // Once at a time.
  expect([dueOf(false), dueOf(true)]).toEqual([due, []]);
});

describe('the panel is asked at r >= 5 and r/n >= 40 % after a warning 30 d old', () => {
  test.each([
    [5, 12, ['party-suspension']],
    [5, 13, []],
    [4, 4, []],
    [6, 15, ['party-suspension']],
    [6, 16, []],
  ])('%i of %i: %j', (reversed, decided, expected) => {
    expect(measuresDue(figures({ reversed, decided }), answered(), now)).toEqual(expected);
  });

  test.each([
    ['30 d to the moment', { warnedAt: ago(30) }, ['party-suspension']],
    ['30 d less a millisecond', { warnedAt: ago(30, -1) }, []],
    ['365 d less a millisecond', { warnedAt: ago(365, -1) }, ['party-suspension']],
    ['365 d: it counts no more, and is given anew', { warnedAt: ago(365) }, ['warning']],
    ['never', { warnedAt: null }, ['warning']],
    ['asked already', { isAsked: true }, []],
    ['suspended already', { isSuspended: true }, []],
    ['asked since the newest reversal', { askedAt: ago(1) }, []],
    ['asked before it', { askedAt: ago(1, 1) }, ['party-suspension']],
  ])('warned %s', (_, of, expected) => {
    const due = measuresDue(figures({ reversed: 5, decided: 12 }), answered(of), now);
    expect(due).toEqual(expected);
  });
});

describe('an inquiry is asked for at r >= 20 in 90 d', () => {
  test.each([
    [20, ['inquiry']],
    [19, []],
  ])('%i: %j', (reversedIn90Days, expected) => {
    const of = figures({ reversedIn90Days, reversed: 60, decided: 1_000_000 });
    expect(measuresDue(of, answered(), now)).toEqual(expected);
  });

  test('with no warning before', () => {
    const of = figures({ reversedIn90Days: 20, reversed: 20, decided: 1_000 });
    expect(measuresDue(of, answered({ warnedAt: null }), now)).toEqual(['warning', 'inquiry']);
  });
});

test('what was closed 365 d ago to the moment counts no more', () => {
  const closed = (at: Date) => ({ closedAt: at, reversed: true });
  expect(figuresOf([closed(ago(365)), closed(ago(365, -1))], now).decided).toBe(1);
  expect(figuresOf([closed(ago(90)), closed(ago(90, -1))], now).reversedIn90Days).toBe(1);
});

test('appeals that were upheld count as decided, and what is closed later counts not yet', () => {
  const appeals = [
    { closedAt: now, reversed: true },
    { closedAt: ago(3), reversed: true },
    { closedAt: ago(2), reversed: false },
    { closedAt: ago(0, -1), reversed: true },
  ];
  expect(figuresOf(appeals, now)).toEqual({
    decided: 3,
    reversed: 2,
    reversedIn90Days: 2,
    newestReversal: now,
  });
  expect(figuresOf([{ closedAt: ago(2), reversed: false }], now)).toEqual({
    decided: 1,
    reversed: 0,
    reversedIn90Days: 0,
    newestReversal: null,
  });
});

test('no number of appeals that are upheld brings any measure', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.constantFrom(0, 1, 2), (decided, reversed) => {
      const of = figures({ decided: decided + reversed, reversed, reversedIn90Days: reversed });
      expect(measuresDue(of, answered({ warnedAt: null }), now)).toEqual([]);
    }),
  );
});

test('one more reversal never takes a measure away, for parties of which nothing was asked', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), (reversed, upheld) => {
      const with_ = (r: number) =>
        measuresDue(
          figures({ reversed: r, decided: r + upheld, reversedIn90Days: r }),
          answered(),
          now,
        );
      expect(with_(reversed + 1).length).toBeGreaterThanOrEqual(with_(reversed).length);
    }),
  );
});
