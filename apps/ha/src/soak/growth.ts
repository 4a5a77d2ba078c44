import type { SentCall } from '../traffic.ts';
import type { Sample } from './samples.ts';

export interface Row {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** End of start */
  readonly growth: number;
  readonly bar: string;
  readonly isHeld: boolean;
}

interface Bar {
  readonly name: string;
  /** Figure of the samples or the calls of a fifth of the time */
  readonly of: (part: Part) => number;
  readonly atMost: number;
  /** Bound below which a figure is well, however much it has grown */
  readonly wellBelow: number;
}

interface Part {
  readonly samples: readonly Sample[];
  readonly calls: readonly SentCall[];
}

const mb = 1024 * 1024;

const bars: readonly Bar[] = [
  { name: 'memory, MB', of: middle(({ rss }) => rss / mb), atMost: 1.25, wellBelow: 0 },
  // What is left after a collection.
  { name: 'heap, MB', of: least(({ heap }) => heap / mb), atMost: 1.25, wellBelow: 0 },
  { name: 'connections', of: most(({ connections }) => connections), atMost: 1.25, wellBelow: 20 },
  { name: 'lag of the log, s', of: most(({ lag }) => lag), atMost: 1.5, wellBelow: 2 },
  { name: 'p50, ms', of: latency(0.5), atMost: 1.25, wellBelow: 20 },
  { name: 'p99, ms', of: latency(0.99), atMost: 1.5, wellBelow: 200 },
];

/**
 * Compares the second fifth of the time with the last: in the first one caches fill.
 * @param seconds that the calls took in all
 */
export function growthOf({ samples, calls }: Part, seconds: number): Row[] {
  const part = (from: number, to: number): Part => ({
    samples: samples.filter(({ at }) => at >= from * seconds && at < to * seconds),
    calls: calls.filter(
      ({ sentAt }) => sentAt >= from * seconds * 1000 && sentAt < to * seconds * 1000,
    ),
  });
  const [first, last] = [part(0.2, 0.4), part(0.8, 1)];
  return bars.map(({ name, of, atMost, wellBelow }) => {
    const [start, end] = [of(first), of(last)];
    const growth = start === 0 ? (end === 0 ? 1 : Infinity) : end / start;
    const bar = `<= ${atMost} times${wellBelow > 0 ? `, or ${wellBelow} in all` : ''}`;
    return { name, start, end, growth, bar, isHeld: growth <= atMost || end <= wellBelow };
  });
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function middle(measure: (sample: Sample) => number) {
  return ({ samples }: Part): number => quantile(samples.map(measure), 0.5);
}

function least(measure: (sample: Sample) => number) {
  return ({ samples }: Part): number => quantile(samples.map(measure), 0);
}

function most(measure: (sample: Sample) => number) {
  return ({ samples }: Part): number => quantile(samples.map(measure), 1);
}

function latency(share: number) {
  return ({ calls }: Part): number =>
    quantile(
      calls.flatMap(({ sentAt, answeredAt }) =>
        answeredAt === undefined ? [] : answeredAt - sentAt,
      ),
      share,
    );
}
