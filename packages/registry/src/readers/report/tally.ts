import type { ReasonCode } from '@recourse/protocol';
import type { CellValues } from '../../schema/report-fold.ts';

/** Something that happened, as the report counts it. */
export interface Happening {
  /** `group.detail` */
  readonly figure: string;
  /** The platform whose figure it is; none of the registry as a whole */
  readonly party: string | null;
  /** None of what is about no record */
  readonly reason: ReasonCode | null;
  /** `2026-03`, or `2026-Q1` where it is stated by quarter */
  readonly period: string;
  /** Less than 0 takes back what was counted */
  readonly n?: number;
  /** How long it took, where it is a duration */
  readonly days?: number;
}

/** The period of what is so when the report is made, and adds up to nothing. */
export const standing = 'now';

export interface Cell extends Pick<Happening, 'figure' | 'party' | 'reason' | 'period'> {
  n: number;
  /** How many took so many days, where it is a duration */
  readonly days: Map<number, number>;
}

/** Counts by platform, reason, period and figure. Grows with the number of cells, and with nothing else. */
export class Tally {
  readonly #cells = new Map<string, Cell>();

  add({ figure, party, reason, period, n = 1, days }: Happening): void {
    if (n === 0) return;
    const key = [party ?? '-', reason ?? '-', period, figure].join(' ');
    const cell = this.#cells.get(key) ?? { figure, party, reason, period, n: 0, days: new Map() };
    cell.n += n;
    if (days !== undefined) addTo(cell.days, days, n);
    // What came to nothing is as if it had never been counted.
    if (cell.n === 0 && cell.days.size === 0) this.#cells.delete(key);
    else this.#cells.set(key, cell);
  }

  /** Adds what {@link values} gave, or takes it back. */
  addValues(values: CellValues, times: 1 | -1 = 1): void {
    const [figure, party, reason, period, days, n] = values;
    this.add({
      figure,
      party: party === '' ? null : party,
      // From the same table of reasons that it was counted by: another one is another basis.
      reason: reason === '' ? null : (reason as ReasonCode),
      period,
      n: n * times,
      ...(days < 0 ? {} : { days }),
    });
  }

  /** The cells as they are kept: one for each number of days where it is a duration. */
  values(): CellValues[] {
    return [...this.#cells.values()].flatMap(({ figure, party, reason, period, n, days }) => {
      const of = [figure, party ?? '', reason ?? '', period] as const;
      return days.size === 0
        ? [[...of, -1, n] as const]
        : [...days].map(([some, count]) => [...of, some, count] as const);
    });
  }

  get cells(): ReadonlyMap<string, Cell> {
    return this.#cells;
  }
}

function addTo(counts: Map<number, number>, key: number, n: number): void {
  const sum = (counts.get(key) ?? 0) + n;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

/** A difference between two derivations of one figure, by platform and figure. */
export interface FigureDifference {
  readonly about: string;
  readonly figure: string;
  cells: number;
  tables: number;
  ledger: number;
}

/**
 * Where two tallies are not the same, in the order of platforms and figures. Not cell by cell: that would tell what is
 * suppressed.
 */
export function differencesOf(tables: Tally, ledger: Tally): FigureDifference[] {
  const found = new Map<string, FigureDifference>();
  for (const key of new Set([...tables.cells.keys(), ...ledger.cells.keys()])) {
    const one = tables.cells.get(key);
    const other = ledger.cells.get(key);
    const cell = one ?? other;
    if (!cell || isSame(one, other)) continue;
    const { party, figure } = cell;
    const about = party ?? 'registry';
    const id = `${about} ${figure}`;
    const difference = found.get(id) ?? { about, figure, cells: 0, tables: 0, ledger: 0 };
    difference.cells++;
    difference.tables += one?.n ?? 0;
    difference.ledger += other?.n ?? 0;
    found.set(id, difference);
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, difference]) => difference);
}

function isSame(one: Cell | undefined, other: Cell | undefined): boolean {
  if (!one || !other || one.n !== other.n || one.days.size !== other.days.size) return false;
  return [...one.days].every(([days, n]) => other.days.get(days) === n);
}
