import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from '../registry.ts';

/** Figures of a server about itself at one time. */
export interface Sample {
  /** Seconds since the first */
  readonly at: number;
  /** Bytes */
  readonly rss: number;
  readonly heap: number;
  readonly connections: number;
  /** Seconds that the oldest entry has waited for its place in the log */
  readonly lag: number;
}

/** Collects the figures of a server each second. @returns ends it */
export function takeSamples({ metricsPort }: Server): () => Promise<Sample[]> {
  const ending = new AbortController();
  const begun = performance.now();
  const samples: Sample[] = [];
  const taking = (async () => {
    while (!ending.signal.aborted) {
      const text = await metrics(metricsPort).catch(() => undefined);
      if (text !== undefined) samples.push(sampleOf(text, (performance.now() - begun) / 1000));
      await delay(1_000);
    }
  })();
  return async () => {
    ending.abort();
    await taking;
    return samples;
  };
}

async function metrics(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  return answer.text();
}

function sampleOf(text: string, at: number): Sample {
  const figure = (name: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  return {
    at,
    rss: figure('process_resident_memory_bytes'),
    heap: figure('nodejs_heap_size_used_bytes'),
    connections: figure('recourse_pool_connections'),
    lag: figure('recourse_log_lag_seconds'),
  };
}
