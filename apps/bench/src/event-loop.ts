import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How much later than it was due the event loop came to a timer, in milliseconds. */
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly samples: number;
}

/** Between two looks; what is recorded is from one look to the next, and so at least this. */
const resolution = 10;

/** Watches the event loop of this process. @returns ends it, with what it saw */
export function watchLoop(): () => LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution });
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
  histogram.enable();
  return () => {
    histogram.disable();
    const { count: samples, max } = histogram;
    const [p50, p99] = [histogram.percentile(50), histogram.percentile(99)];
    return { p50: late(p50), p99: late(p99), most: late(max), samples };
  };
}
