import { smallestCell } from '@recourse/protocol';

/** The counts of one figure of one platform, by year, reason and month; what is 0 is not there. */
export type Counts = ReadonlyMap<string, number>;

/**
 * Which of some cells are not published, where their sum is: those below {@link smallestCell}, and then the smallest
 * others, until each cell that is hidden could be as large as one that is published, as far as the sum tells. Cells of 0
 * are never published, so that nobody sees which of the others are.
 */
export function hiddenOf(cells: Counts): Set<string> {
  const ascending = [...cells].toSorted(([a, n], [b, m]) => n - m || (a < b ? -1 : 1));
  const hidden = new Set<string>();
  let sum = 0;
  for (const [key, n] of ascending) {
    const isPrimary = n < smallestCell;
    if (!isPrimary && isCovered(hidden.size, sum)) break;
    hidden.add(key);
    sum += n;
  }
  return hidden;
}

/** Each of them is 1 at least, so that none can be more than what the others leave. One alone is too small to be shown. */
const isCovered = (count: number, sum: number): boolean =>
  count === 0 || sum - (count - 1) >= smallestCell;

export interface Leaf {
  readonly reason: string;
  /** `2026-03` */
  readonly month: string;
  readonly n: number;
}

export interface PublishedCounts {
  /** Counts by `year reason` */
  readonly years: Counts;
  /** Counts by `month reason`; only of years that are published */
  readonly months: Counts;
}

/**
 * Keeps what is published of one figure beside its total: years of a reason, and months of these. A month adds up to
 * its year alone, and a year to the total alone, so that each sum is looked at by itself.
 * @param months of `isMonthly` which years are told by month
 */
export function publish(
  leaves: readonly Leaf[],
  isMonthly: (year: string) => boolean,
): PublishedCounts {
  const byYear = new Map<string, Map<string, number>>();
  for (const { reason, month, n } of leaves) {
    const year = `${month.slice(0, 4)} ${reason}`;
    const months = byYear.get(year) ?? new Map<string, number>();
    const key = `${month} ${reason}`;
    months.set(key, (months.get(key) ?? 0) + n);
    byYear.set(year, months);
  }
  const sums = new Map([...byYear].map(([year, months]) => [year, sumOf(months)]));
  const years = shown(sums);
  const months = [...byYear].flatMap(([year, cells]) =>
    years.has(year) && isMonthly(year.slice(0, 4)) ? [...shown(cells)] : [],
  );
  return { years, months: new Map(months) };
}

const sumOf = (cells: Counts): number => [...cells.values()].reduce((sum, n) => sum + n, 0);

function shown(cells: Counts): Map<string, number> {
  const hidden = hiddenOf(cells);
  return new Map([...cells].filter(([key]) => !hidden.has(key)));
}
