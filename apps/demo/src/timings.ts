import { percentiles, type Percentiles } from '@recourse/cli';

/** How long each act took, from the call to the verified answer. */
export class Timings {
  readonly #milliseconds = new Map<string, number[]>();

  async of<T>(act: string, run: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const result = await run();
    const list = this.#milliseconds.get(act) ?? [];
    this.#milliseconds.set(act, [...list, performance.now() - begun]);
    return result;
  }

  get all(): Record<string, Percentiles & { readonly count: number }> {
    return Object.fromEntries(
      [...this.#milliseconds].map(([act, list]) => [
        act,
        { count: list.length, ...percentiles(list) },
      ]),
    );
  }

  /** One line an act: how many, median and 99th percentile. */
  get lines(): string[] {
    return Object.entries(this.all).map(
      ([act, { count, p50, p99 }]) =>
        `  ${act.padEnd(38)} ${String(count).padStart(5)}  ${p50} ms (p99 ${p99} ms)`,
    );
  }
}
