import { runLoad } from './load/run-load.ts';
import type { LoadRequest, LoadResult } from './load/load.ts';
import { median, quantile } from './statistics.ts';
import type { MeasuredServer } from './stage.ts';

/** One side of a comparison in one round. */
export interface Measurement {
  /** Answers a second */
  readonly rate: number;
  /** Milliseconds */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of the server process an answer */
  readonly cpu: number;
  /** Microseconds of all processes of PostgreSQL an answer */
  readonly database: number;
}

export interface Side {
  readonly url: string;
  readonly requests: readonly LoadRequest[];
}

export interface RoundOptions {
  readonly connections: number;
  readonly seconds: number;
}

/** Loads one side and measures it. A refusal would make the rate a lie, so any ends the run. */
export async function measure(
  server: MeasuredServer,
  side: Side,
  options: RoundOptions,
): Promise<Measurement> {
  const before = await server.usage();
  const result = await runLoad({ ...side, ...options });
  const after = await server.usage();
  assertAllAnswered(result);
  return {
    rate: result.answered / result.seconds,
    p50: quantile(result.latencies, 0.5),
    p99: quantile(result.latencies, 0.99),
    cpu: (after.cpuMicroseconds - before.cpuMicroseconds) / result.answered,
    database: (after.databaseMicroseconds - before.databaseMicroseconds) / result.answered,
  };
}

/** @throws Error that counts what was refused */
export function assertAllAnswered(result: LoadResult): void {
  const refused = Object.entries(result.other);
  if (refused.length === 0) return;
  const counts = refused.map(([status, n]) => `${n} x ${status}`).join(', ');
  throw new Error(`the load was not answered whole: ${counts}; ${result.firstOther ?? ''}`);
}

/** The median over the rounds of one side. */
export const middle = (side: readonly Measurement[], figure: keyof Measurement): number =>
  median(side.map((measured) => measured[figure]));
