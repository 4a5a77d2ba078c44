import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { blind, largestBatch, ready } from '@recourse/blind';
import type { BenchOptions } from './bench-calls.ts';
import type { LoopDelay } from './event-loop.ts';
import { liftQuota } from './lift-quota.ts';
import { multiplyFloor, type Floor } from './multiply-floor.ts';
import { atLeast, atMost, round, type Report } from './report.ts';
import { measure, middle, type Measurement, type RoundOptions, type Side } from './rounds.ts';
import { signedRequest } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { median } from './statistics.ts';

/** Batches in flight: enough that no core waits for the next one. */
const connections = 4 * availableParallelism();
/** The most that a core may answer in a second, and so how many calls are signed before a round. */
const mostACore = 120;

/**
 * `checks.evaluate` in batches of 64, signed, audited and receipted, against the scalar multiplications alone on all
 * cores; and how long the event loop of the server keeps others waiting meanwhile.
 */
export async function benchEvaluate(options: BenchOptions): Promise<Report> {
  await ready();
  const stage = await openStage();
  try {
    await liftQuota(stage);
    const load = { seconds: options.seconds, connections };
    await measure(stage, await side(stage, options), load);
    const rounds = { floor: [] as Floor[], signed: [] as Measurement[], loop: [] as LoopDelay[] };
    for (let i = 0; i < options.rounds; i++) {
      rounds.floor.push(await multiplyFloor({ elements: largestBatch, seconds: options.seconds }));
      const signed = await side(stage, options);
      const endLoop = await stage.watchLoop();
      rounds.signed.push(await measure(stage, signed, load));
      rounds.loop.push(await endLoop());
    }
    return report(rounds, options);
  } finally {
    await stage.close();
  }
}

async function side(stage: Stage, { seconds }: RoundOptions): Promise<Side> {
  const by = stage.key({ name: 'Tubely', role: 'service' });
  const inputs = Array.from({ length: largestBatch }, () => randomBytes(16));
  const blinded = blind(inputs).blinded.map((bytes) => Buffer.from(bytes).toString('base64url'));
  const requests = [];
  for (let i = 0; i < seconds * mostACore * availableParallelism(); i++) {
    requests.push(
      await signedRequest(stage, {
        by,
        op: 'checks.evaluate',
        in: { purpose: 'monetisation', epochs: [1], blinded },
      }),
    );
  }
  return { url: stage.signedUrl, requests };
}

function report(
  { floor, signed, loop }: { floor: Floor[]; signed: Measurement[]; loop: LoopDelay[] },
  { rounds, seconds }: BenchOptions,
): Report {
  const elements = signed.map(({ rate }) => rate * largestBatch);
  return {
    bench: 'evaluate',
    setting: { rounds, seconds, connections, batch: largestBatch, cores: availableParallelism() },
    rows: [
      {
        side: 'multiplications alone',
        'elements/s': round(median(floor.map(({ rate }) => rate))),
        'CPU us a batch': round(median(floor.map(({ cpu }) => cpu))),
      },
      {
        side: 'signed',
        'elements/s': round(median(elements)),
        'CPU us a batch': round(middle(signed, 'cpu')),
        'p50 ms': round(middle(signed, 'p50')),
        'p99 ms': round(middle(signed, 'p99')),
        'loop delay p50 ms': round(median(loop.map(({ p50 }) => p50))),
        'loop delay p99 ms': round(median(loop.map(({ p99 }) => p99))),
      },
    ],
    bars: [
      atLeast('throughput', median(elements.map((rate, i) => rate / floor[i]!.rate)), 0.75),
      atMost('event loop delay p99, ms', median(loop.map(({ p99 }) => p99)), 20),
    ],
    notes: [
      'Alone: 2n + 3 scalar multiplications of libsodium a batch, one process a core, nothing else running.',
      'Signed: verified, evaluated and proven on worker threads, audited, receipted; PostgreSQL and the load share the cores.',
    ],
  };
}
