import type { ReasonCode } from '@recourse/protocol';

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
  readonly n?: number;
  /** How long it took, where it is a duration */
  readonly days?: number;
}

/** The period of what is so when the report is made, and adds up to nothing. */
export const standing = 'now';

export interface Cell extends Pick<Happening, 'figure' | 'party' | 'reason' | 'period'> {
  n: number;
  readonly days: number[];
}

/** Counts by platform, reason, period and figure. Grows with the number of cells, and of durations. */
export class Tally {
  readonly #cells = new Map<string, Cell>();

  add({ figure, party, reason, period, n = 1, days }: Happening): void {
    if (n === 0) return;
    const key = [party ?? '-', reason ?? '-', period, figure].join(' ');
    const cell = this.#cells.get(key) ?? { figure, party, reason, period, n: 0, days: [] };
    cell.n += n;
    if (days !== undefined) cell.days.push(days);
    this.#cells.set(key, cell);
  }

  get cells(): ReadonlyMap<string, Cell> {
    return this.#cells;
  }
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
 * Where two tallies are not the same. By platform and figure: cell by cell, differences would tell what is suppressed.
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
  return [...found.values()];
}

function isSame(one: Cell | undefined, other: Cell | undefined): boolean {
  if (!one || !other || one.n !== other.n) return false;
  const sorted = (cell: Cell): string => cell.days.toSorted((a, b) => a - b).join(' ');
  return sorted(one) === sorted(other);
}
