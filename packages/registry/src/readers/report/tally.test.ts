import { describe, expect, test } from 'vitest';
import { differencesOf, Tally, type Happening } from './tally.ts';

const submitted: Happening = {
  figure: 'submitted',
  party: 'plt_a',
  reason: 'fraud.scam',
  period: '2026-03',
};

function tallyOf(...happenings: readonly Partial<Happening>[]): Tally {
  const tally = new Tally();
  for (const happening of happenings) tally.add({ ...submitted, ...happening });
  return tally;
}

describe('a tally', () => {
  test('counts what is alike in one cell', () => {
    const tally = tallyOf({}, { n: 3 }, { days: 4 }, { days: 2 });
    expect([...tally.cells.values()]).toEqual([
      {
        ...submitted,
        n: 6,
        days: new Map([
          [4, 1],
          [2, 1],
        ]),
      },
    ]);
  });

  test.each([
    ['platform', { party: 'plt_b' }],
    ['nobody', { party: null }],
    ['reason', { reason: 'fraud.payment' }],
    ['no reason', { reason: null }],
    ['period', { period: '2026-04' }],
    ['figure', { figure: 'disclosed' }],
  ] satisfies [string, Partial<Happening>][])('counts another %s apart', (_, other) => {
    expect([...tallyOf({}, other).cells.values()].map(({ n }) => n)).toEqual([1, 1]);
  });

  test('has no cell for nothing', () => {
    expect(tallyOf({ n: 0 }).cells.size).toBe(0);
  });
});

describe('two tallies differ', () => {
  test('not where they say the same, in whatever order', () => {
    const one = tallyOf({ days: 10 }, { days: 9 }, { party: 'plt_b' });
    const other = tallyOf({ party: 'plt_b' }, { days: 9 }, { days: 10 });
    expect(differencesOf(one, other)).toEqual([]);
  });

  test('by platform and figure, whichever of them has the cell', () => {
    const tables = tallyOf({ n: 2 }, { period: '2026-04' }, { figure: 'disclosed', party: null });
    const ledger = tallyOf({ n: 1 }, { period: '2026-05', n: 7 });
    expect(differencesOf(tables, ledger)).toEqual([
      { about: 'plt_a', figure: 'submitted', cells: 3, tables: 3, ledger: 8 },
      { about: 'registry', figure: 'disclosed', cells: 1, tables: 1, ledger: 0 },
    ]);
  });

  test('where the counts are the same and the durations are not', () => {
    expect(differencesOf(tallyOf({ days: 1 }), tallyOf({ days: 2 }))).toEqual([
      { about: 'plt_a', figure: 'submitted', cells: 1, tables: 1, ledger: 1 },
    ]);
    const split = differencesOf(
      tallyOf({ days: 1, n: 2 }, { days: 2, n: 2 }),
      tallyOf({ days: 12, n: 4 }),
    );
    expect(split).toHaveLength(1);
  });
});
