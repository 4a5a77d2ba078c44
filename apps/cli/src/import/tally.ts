/** What an import has done so far, and how long its records took. */
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
