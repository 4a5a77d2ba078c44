import { describe, expect, test } from 'vitest';
import { alarmsOf, platformsOf } from './build-report.ts';
import { standing, Tally, type Happening } from './tally.ts';

const now = new Date('2026-06-15T00:00:00Z');

const platform = {
  id: 'plt_a',
  name: 'Harbour',
  registered_at: new Date('2024-01-01T00:00:00Z'),
  left_at: null,
  owners: [{ name: 'Harbour Holding', percent: 60 }],
};

type HappeningLike = Partial<Happening> & { figure: string };

function tallyOf(...happenings: readonly HappeningLike[]): Tally {
  const tally = new Tally();
  for (const one of happenings)
    tally.add({ party: 'plt_a', reason: 'fraud.scam', period: '2026-03', ...one });
  return tally;
}

function report(...happenings: readonly HappeningLike[]) {
  const [one] = platformsOf(tallyOf(...happenings), { platforms: [platform], now });
  return one!;
}

const durations = (
  figure: string,
  days: readonly number[],
  over: Partial<Happening> = {},
): HappeningLike[] => days.map((one) => ({ figure, days: one, ...over }));

test('a platform is told with its owners, and with nothing where nothing happened', () => {
  expect(report()).toEqual({
    platform: 'plt_a',
    name: 'Harbour',
    registeredAt: '2024-01-01T00:00:00Z',
    owners: [{ name: 'Harbour Holding', percent: 60 }],
    totals: {},
    days: {},
    speech: { totals: {}, days: {} },
    periods: [],
    years: [],
    months: [],
  });
  const left = { ...platform, left_at: new Date('2026-05-01T00:00:00Z') };
  const [one] = platformsOf(tallyOf(), { platforms: [left], now });
  expect(one).toMatchObject({ leftAt: '2026-05-01T00:00:00Z' });
});

test('platforms come in the order given, each with its own figures', () => {
  const tally = tallyOf({ figure: 'submitted' }, { figure: 'submitted', party: 'plt_b', n: 2 });
  const platforms = ['plt_b', 'plt_a', 'plt_c'].map((id) => ({ ...platform, id }));
  expect(platformsOf(tally, { platforms, now }).map((one) => [one.platform, one.totals])).toEqual([
    ['plt_b', { submitted: 2 }],
    ['plt_a', { submitted: 1 }],
    ['plt_c', {}],
  ]);
});

describe('totals', () => {
  test('are never suppressed, over all reasons and months, in the order of their names', () => {
    const { totals } = report(
      { figure: 'submitted' },
      { figure: 'submitted', period: '2025-01', reason: 'abuse.threat' },
      { figure: 'disclosed' },
      { figure: 'party.left', reason: null },
      { figure: 'owners.x', reason: null, period: standing },
      ...durations('decision', [3]),
    );
    expect(Object.entries(totals)).toEqual([
      ['disclosed', 1],
      ['party.left', 1],
      ['submitted', 2],
    ]);
  });

  test('of speech are told apart as well', () => {
    const { totals, speech } = report(
      { figure: 'submitted', n: 3 },
      { figure: 'submitted', n: 2, reason: 'abuse.doxxing' },
      ...durations('listed', [4], { reason: 'abuse.doxxing' }),
    );
    expect(totals).toEqual({ submitted: 5 });
    expect(speech).toEqual({
      totals: { submitted: 2 },
      days: { listed: { median: 4, p90: 4 } },
    });
  });
});

describe('durations', () => {
  test('are told by their median and 90th percentile, by nearest rank', () => {
    const { days } = report(
      ...durations('decision', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
      ...durations('listed', [100, 20]),
    );
    expect(days).toEqual({
      decision: { median: 5, p90: 9 },
      listed: { median: 20, p90: 100 },
    });
  });

  test('of a year and reason are told from five on', () => {
    const inYear = (values: readonly number[]) =>
      report({ figure: 'submitted', n: 9 }, ...durations('decision', values)).years;
    expect(inYear([1, 2, 3, 4])).toMatchObject([{ days: {} }]);
    expect(inYear([1, 2, 3, 4, 5])).toMatchObject([{ days: { decision: { median: 3, p90: 5 } } }]);
  });

  test('of a year are those of its reason and its year', () => {
    const { years } = report(
      { figure: 'submitted', n: 9 },
      ...durations('decision', [1, 1, 1, 1, 1]),
      ...durations('decision', [7, 7, 7, 7, 7], { period: '2025-03' }),
      ...durations('decision', [9, 9, 9, 9, 9], { reason: 'fraud.payment' }),
    );
    expect(years).toMatchObject([
      { year: '2026', reason: 'fraud.scam', days: { decision: { median: 1, p90: 1 } } },
    ]);
  });
});

test('what is of the platform and of no reason is told by period, the oldest first', () => {
  const { periods } = report(
    { figure: 'party.left', reason: null, period: '2026-05' },
    { figure: 'demand.received', reason: null, period: '2026-Q1', n: 2 },
    { figure: 'party.objected', reason: null, period: '2026-05' },
    { figure: 'party.objected', reason: null, period: '2025-05' },
  );
  expect(periods).toEqual([
    { period: '2025-05', figures: { 'party.objected': 1 } },
    { period: '2026-05', figures: { 'party.left': 1, 'party.objected': 1 } },
    { period: '2026-Q1', figures: { 'demand.received': 2 } },
  ]);
});

describe('cells', () => {
  test('of five and more are told by year and month', () => {
    const { years, months } = report(
      { figure: 'submitted', n: 6, period: '2026-04' },
      { figure: 'submitted', n: 5 },
      { figure: 'disclosed', n: 7 },
    );
    expect(years).toEqual([
      {
        year: '2026',
        reason: 'fraud.scam',
        figures: { disclosed: 7, submitted: 11 },
        days: {},
      },
    ]);
    expect(months).toEqual([
      { month: '2026-03', reason: 'fraud.scam', figures: { disclosed: 7, submitted: 5 } },
      { month: '2026-04', reason: 'fraud.scam', figures: { submitted: 6 } },
    ]);
  });

  test('below five are not told, by month or by year', () => {
    const { years, months } = report(
      { figure: 'submitted', n: 4 },
      { figure: 'submitted', n: 4, reason: 'fraud.payment' },
    );
    expect([years, months]).toEqual([[], []]);
  });

  test('by month are those of this year and the one before', () => {
    const { months, years } = report(
      ...['2024-12', '2025-01', '2026-01'].map((period) => ({ figure: 'submitted', n: 9, period })),
    );
    expect(months.map(({ month }) => month)).toEqual(['2025-01', '2026-01']);
    expect(years.map(({ year }) => year)).toEqual(['2024', '2025', '2026']);
  });

  test('of speech are hidden among themselves, since their totals are published', () => {
    const { years } = report(
      { figure: 'submitted', n: 3, reason: 'abuse.threat' },
      { figure: 'submitted', n: 9, reason: 'abuse.doxxing' },
      { figure: 'submitted', n: 9, reason: 'fraud.scam' },
    );
    expect(years.map(({ reason }) => reason)).toEqual(['fraud.scam']);
  });

  test('of other reasons are hidden among themselves', () => {
    const { years } = report(
      { figure: 'submitted', n: 9, reason: 'abuse.doxxing' },
      { figure: 'submitted', n: 3, reason: 'fraud.payment' },
      { figure: 'submitted', n: 9, reason: 'fraud.scam' },
    );
    expect(years.map(({ reason }) => reason)).toEqual(['abuse.doxxing']);
  });
});

test('alarms and finds of the registry are told by month, the oldest first', () => {
  const of = { party: null, reason: null };
  const tally = tallyOf(
    { ...of, figure: 'find.opened', n: 2 },
    { ...of, figure: 'alarm.guesses' },
    { ...of, figure: 'alarm.guesses', period: '2026-02' },
    { ...of, figure: 'panel.reviewers', period: standing },
    { ...of, figure: 'no-alarm.x' },
    { figure: 'alarm.guesses', reason: null },
  );
  expect(alarmsOf(tally)).toEqual([
    { month: '2026-02', kind: 'alarm.guesses', n: 1 },
    { month: '2026-03', kind: 'alarm.guesses', n: 1 },
    { month: '2026-03', kind: 'find.opened', n: 2 },
  ]);
});
