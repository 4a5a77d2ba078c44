import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How much later than it was due the event loop came to a timer, in milliseconds. */
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly samples: number;
}

/** Between two looks; what is recorded is from one look to the next, and so at least this. */
const resolution = 10;

/** Watches the event loop of this process. @returns ends it, with what it saw */
export function watchLoop(): () => LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution });
  const late = (percentile: number): number =>
    Math.max(0, histogram.percentile(percentile) / 1e6 - resolution);
  histogram.enable();
  return () => {
    histogram.disable();
    return { p50: late(50), p99: late(99), samples: histogram.count };
  };
}
