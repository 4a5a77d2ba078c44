import {
  reasonCodes,
  reasons,
  smallestCell,
  toTimestamp,
  type PlatformReport,
  type ReasonCode,
  type TransparencyReport,
} from '@recourse/protocol';
import { publish, type Leaf } from './suppress.rules.ts';
import { standing, type Cell, type Tally } from './tally.ts';

/** Whom the report is about. */
export interface ReportedPlatform {
  readonly id: string;
  readonly name: string;
  readonly registered_at: Date;
  readonly left_at: Date | null;
  readonly owners: readonly { readonly name: string; readonly percent: number }[];
}

type RecordCell = Cell & { readonly reason: ReasonCode };
type Figures = Record<string, number>;
type Days = PlatformReport['days'];

export const speechReasons = reasonCodes.filter((code) => reasons[code].speechAdjacent);
const isOfSpeech = new Set<ReasonCode>(speechReasons);

/** Figures that are durations: told as median and 90th percentile, and never as a count. */
const durations = ['decision', 'listed'] as const;
const isDuration = (figure: string): boolean => durations.some((name) => name === figure);

/** Builds what is published of platforms, in the order they are given. */
export const platformsOf = (
  tally: Tally,
  { platforms, now }: { platforms: readonly ReportedPlatform[]; now: Date },
): PlatformReport[] => {
  const byParty = Map.groupBy(tally.cells.values(), ({ party }) => party);
  return platforms.map((platform) =>
    platformReport(platform, { cells: byParty.get(platform.id) ?? [], now }),
  );
};

function platformReport(
  { id, name, registered_at, left_at, owners }: ReportedPlatform,
  { cells, now }: { cells: readonly Cell[]; now: Date },
): PlatformReport {
  const ofRecords = cells.filter((cell): cell is RecordCell => cell.reason !== null);
  const ofPlatform = cells.filter(({ reason, period }) => reason === null && period !== standing);
  const speech = ofRecords.filter(({ reason }) => isOfSpeech.has(reason));
  const others = ofRecords.filter(({ reason }) => !isOfSpeech.has(reason));
  // The totals of both are published: what either hides must not be found from its own.
  const shown = [...cellsOf(speech, now), ...cellsOf(others, now)];
  return {
    platform: id as PlatformReport['platform'],
    name,
    registeredAt: toTimestamp(registered_at),
    ...(left_at ? { leftAt: toTimestamp(left_at) } : {}),
    owners: owners.map((owner) => ({ ...owner })),
    totals: totalsOf([...ofRecords, ...ofPlatform]),
    days: daysOf(ofRecords),
    speech: { totals: totalsOf(speech), days: daysOf(speech) },
    periods: periodsOf(ofPlatform),
    years: yearsOf(shown, ofRecords),
    months: monthsOf(shown),
  };
}

function totalsOf(cells: readonly Cell[]): Figures {
  const totals: Figures = {};
  for (const { figure, n } of cells.filter((cell) => !isDuration(cell.figure)))
    totals[figure] = (totals[figure] ?? 0) + n;
  return sorted(totals);
}

function daysOf(cells: readonly Cell[], least = 1): Days {
  const told: Days = {};
  for (const name of durations) {
    const counts = new Map<number, number>();
    for (const { days } of cells.filter(({ figure }) => figure === name))
      for (const [took, n] of days) counts.set(took, (counts.get(took) ?? 0) + n);
    const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
    if (total >= least)
      told[name] = { median: quantile(counts, 0.5 * total), p90: quantile(counts, 0.9 * total) };
  }
  return told;
}

/** Takes a quantile by nearest rank: a value that was measured. */
function quantile(counts: ReadonlyMap<number, number>, rank: number): number {
  let passed = 0;
  for (const [value, n] of [...counts].toSorted(([a], [b]) => a - b)) {
    passed += n;
    if (passed >= rank) return value;
  }
  return 0;
}

const periodsOf = (cells: readonly Cell[]): PlatformReport['periods'] =>
  [...Map.groupBy(cells, ({ period }) => period)]
    .map(([period, those]) => ({ period, figures: totalsOf(those) }))
    .toSorted((a, b) => (a.period < b.period ? -1 : 1));

/** A cell that may be published: `period` is a year or a month. */
interface PublishedCell {
  readonly figure: string;
  readonly period: string;
  readonly reason: ReasonCode;
  readonly n: number;
}

/** Cells are told by month in this year and the one before: what a document holds is bounded. */
function cellsOf(cells: readonly RecordCell[], now: Date): PublishedCell[] {
  const oldest = String(now.getUTCFullYear() - 1);
  const byFigure = Map.groupBy(cells, ({ figure }) => figure);
  return [...byFigure].flatMap(([figure, those]) => {
    if (isDuration(figure)) return [];
    const leaves = those.map(({ reason, period, n }): Leaf => ({ reason, month: period, n }));
    const { years, months } = publish(leaves, (year) => year >= oldest);
    return [...years, ...months].map(([key, n]) => {
      const [period, reason] = key.split(' ') as [string, ReasonCode];
      return { figure, period, reason, n };
    });
  });
}

const isYear = ({ period }: PublishedCell): boolean => period.length === 4;

const byCell = (shown: readonly PublishedCell[]): [string, ReasonCode, Figures][] =>
  [...Map.groupBy(shown, ({ period, reason }) => `${period} ${reason}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, those]) => {
      const [period, reason] = key.split(' ') as [string, ReasonCode];
      return [period, reason, sorted(Object.fromEntries(those.map((one) => [one.figure, one.n])))];
    });

const yearsOf = (
  shown: readonly PublishedCell[],
  cells: readonly RecordCell[],
): PlatformReport['years'] =>
  byCell(shown.filter(isYear)).map(([year, reason, figures]) => {
    const inYear = cells.filter((cell) => cell.reason === reason && cell.period.startsWith(year));
    return { year, reason, figures, days: daysOf(inYear, smallestCell) };
  });

const monthsOf = (shown: readonly PublishedCell[]): PlatformReport['months'] =>
  byCell(shown.filter((one) => !isYear(one))).map(([month, reason, figures]) => ({
    month,
    reason,
    figures,
  }));

/** Decisions that were made again, of all platforms together. */
export function decidedAgainOf(tally: Tally): TransparencyReport['panel']['decidedAgain'] {
  const totals = totalsOf(
    [...tally.cells.values()].filter(({ figure }) => figure.startsWith('again.')),
  );
  const of = (name: string): number => totals[`again.${name}`] ?? 0;
  return {
    drawn: of('drawn'),
    agreed: of('agreed'),
    differed: of('differed'),
    lapsed: of('lapsed'),
    undelivered: of('undelivered'),
    moot: of('moot'),
  };
}

/** Lists the alarms of the registry as a whole, by month. */
export const alarmsOf = (tally: Tally): TransparencyReport['alarms'] =>
  [...tally.cells.values()]
    .filter(({ party, figure }) => party === null && /^(alarm|find)\./.test(figure))
    .map(({ period, figure, n }) => ({ month: period, kind: figure, n }))
    .toSorted((a, b) => (a.month + a.kind < b.month + b.kind ? -1 : 1));

const sorted = (figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).toSorted(([a], [b]) => (a < b ? -1 : 1)));
