import { describe, expect, it } from 'vitest';
import { changedRows, isAmong, keeperOf, type Work, type WorkRow } from './work.ts';

const [ada, ben, cleo] = [
  'hld_01h455vb4pex5vsknk084sn02a',
  'hld_01h455vb4pex5vsknk084sn02b',
  'hld_01h455vb4pex5vsknk084sn02c',
] as const;
const row = (end: string): string => `snc_01h455vb4pex5vsknk084sn02${end}`;
const rowOf = (end: string, more: Partial<WorkRow>): WorkRow => ({
  row: row(end),
  by: ada,
  at: 1_800_000_000,
  ...more,
});

const workOf = (
  rows: readonly WorkRow[],
  away: Work['away'] = [],
  there: readonly string[] = [ada, ben, cleo],
): Work => ({
  state: 'open',
  there: new Set(there),
  rows: new Map(rows.map((one) => [one.row, one])),
  away,
});

const absence = { holder: ada, from: '2028-04-10', until: '2028-04-20', deputy: ben } as const;

describe('a row', () => {
  const work = workOf(
    [rowOf('a', { holder: ada }), rowOf('b', { comment: 'Ask them.' })],
    [absence],
  );

  it.each([
    ['2028-04-09', { given: ada, holder: ada, isAway: false }],
    ['2028-04-10', { given: ada, holder: ben, isAway: true }],
    ['2028-04-20', { given: ada, holder: ben, isAway: true }],
    ['2028-04-21', { given: ada, holder: ada, isAway: false }],
  ])('is with the deputy from the first day of an absence to the last: %s', (today, keeper) => {
    expect(keeperOf(work, row('a'), today)).toEqual(keeper);
  });

  it('that has a comment alone is nobody’s, like one that nobody was given', () => {
    for (const end of ['b', 'c']) {
      expect(isAmong(work, row(end), { whose: 'nobody', me: ada })).toBe(true);
      expect(isAmong(work, row(end), { whose: 'mine', me: ada })).toBe(false);
    }
  });

  it('of somebody who left is nobody’s, and so is that of who is away with a deputy who left', () => {
    const given = [rowOf('a', { holder: ada })];
    const left = workOf(given, [], [ben]);
    expect(isAmong(left, row('a'), { whose: 'nobody', me: ben })).toBe(true);
    expect(isAmong(left, row('a'), { whose: 'mine', me: ada })).toBe(false);
    expect(keeperOf(workOf(given, [absence], [ada]), row('a'), '2028-04-12')).toEqual({
      given: ada,
      holder: undefined,
      isAway: true,
    });
  });

  it('is shown while nobody knows yet who has it', () => {
    expect(isAmong(undefined, row('a'), { whose: 'mine', me: cleo })).toBe(true);
  });
});

describe('changing rows', () => {
  const before = [rowOf('a', { holder: ada, comment: 'Ask them.' }), rowOf('b', { holder: ben })];
  const give = (seen: readonly WorkRow[], at = 1_800_000_100) =>
    changedRows(before, {
      ids: [row('a'), row('c')],
      seen: new Map(seen.map((one) => [one.row, one])),
      change: (one) => ({ ...(one?.comment && { comment: one.comment }), holder: cleo }),
      by: ben,
      at,
    });

  it('leaves the others, and keeps a comment', () => {
    expect(give(before)).toEqual([
      before[1],
      rowOf('a', { holder: cleo, comment: 'Ask them.', by: ben, at: 1_800_000_100 }),
      rowOf('c', { holder: cleo, by: ben, at: 1_800_000_100 }),
    ]);
  });

  it('is refused where a colleague changed one of them meanwhile', () => {
    for (const seen of [[], [{ ...before[0]!, holder: ben }]]) {
      expect(() => give(seen)).toThrow('What the call acts on is in another state.');
    }
  });

  it('drops what was said half a year ago', () => {
    const late = 1_800_000_000 + 180 * 86_400;
    expect(give([], late)).toEqual([
      rowOf('a', { holder: cleo, by: ben, at: late }),
      rowOf('c', { holder: cleo, by: ben, at: late }),
    ]);
  });

  it('drops a row that nobody has and nothing is said about', () => {
    const seen = new Map(before.map((one) => [one.row, one]));
    const none = {
      ids: [row('a'), row('b')],
      seen,
      change: () => ({}),
      by: ben,
      at: 1_800_000_100,
    };
    expect(changedRows(before, none)).toEqual([]);
  });
});
