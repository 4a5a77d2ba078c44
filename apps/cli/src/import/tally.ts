import { barOf } from '../progress.ts';

/** Counts what an import has done so far, and how long its records took. */
export class Tally {
  imported = 0;
  drafted = 0;
  confirmed = 0;
  notified = 0;
  /** Done in an earlier run */
  before = 0;
  /** Records whose rows are in order, in a dry run */
  valid = 0;
  refused = 0;
  readonly #milliseconds: number[] = [];

  /** One record, from its preparation to the registry's answer. */
  took(milliseconds: number): void {
    this.#milliseconds.push(milliseconds);
  }

  get milliseconds(): Percentiles {
    return percentiles(this.#milliseconds);
  }
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** Nearest rank, in milliseconds with one decimal; zero for nothing. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
    return Math.round(value * 10) / 10;
  };
  return { p50: at(0.5), p99: at(0.99) };
}

/** How far an import is, by the bytes of the file that are read. */
export const importProgress =
  (at: { size: number; position: number; tally: Tally }) =>
  (seconds: number): string => {
    const { imported, drafted, before, valid, refused } = at.tally;
    const share = at.size === 0 ? 1 : Math.min(1, at.position / at.size);
    const count = imported + drafted + before + valid + refused;
    const left = share > 0 ? (seconds / share) * (1 - share) : 0;
    const percent = Math.round(share * 100);
    const rate = Math.round(count / seconds);
    return `${barOf(share)} ${percent} %  ${count} records  ${rate}/s  ${eta(left)} left  ${refused} refused`;
  };

function eta(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
