import { randomBytes, randomInt } from 'node:crypto';
import { blind, ready } from '@recourse/blind';
import type { Id, OpInput } from '@recourse/protocol';
import type { BenchOptions } from './bench-calls.ts';
import type { FilledTables } from './bulk/bulk.ts';
import { liftQuota } from './lift-quota.ts';
import type { LoadRequest } from './load/load.ts';
import { atMost, progress, round, type Report } from './report.ts';
import { measure, type RoundOptions } from './rounds.ts';
import { call, signedRequest } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { median } from './statistics.ts';

const sizes = [10_000, 1_000_000, 10_000_000];
const smallest = sizes[0]!;
const compared = ['checks.match', 'checks.evaluate'] as const;
type ComparedOp = (typeof compared)[number];

/** Few in flight, so that p50 is what a question takes and not how long it waits for others. */
const connections = 4;
/** The most that a second answers, and so how many calls are signed before a round. */
const mostASecond = 1_200;
const checksOfRound = 16;
/** The most that one evaluates: more cannot be asked under it. */
const tokensOfCheck = 64;

interface Registry {
  readonly stage: Stage;
  readonly filled: FilledTables;
}

interface SizedRegistry {
  readonly filled: FilledTables;
  /** p50 in milliseconds, by operation: here, and in the same minute in a registry of the smallest size */
  readonly p50: Readonly<Record<ComparedOp, number>>;
  readonly growth: Readonly<Record<ComparedOp, number>>;
}

/**
 * p50 of asking while the tables grow. A second registry keeps the smallest size and is asked in turns with the one that
 * grows, so that a slow minute of the machine is slow for both.
 */
export async function benchScale(options: BenchOptions): Promise<Report> {
  await ready();
  const small = await openStage();
  try {
    const large = await openStage();
    try {
      return report(await growing(small, large, options), options);
    } finally {
      await large.close();
    }
  } finally {
    await small.close();
  }
}

async function growing(
  small: Stage,
  large: Stage,
  options: BenchOptions,
): Promise<SizedRegistry[]> {
  await liftQuota(small);
  await liftQuota(large);
  const base = { stage: small, filled: await fill(small, smallest) };
  const sized: SizedRegistry[] = [];
  for (const size of sizes.filter((size) => size <= options.tokens)) {
    progress(`filling to ${size} tokens`);
    const grown = { stage: large, filled: await fill(large, size) };
    progress(`${size} tokens are ${round(grown.filled.gigabytes)} GB`);
    sized.push(await compare(base, grown, options));
  }
  return sized;
}

const fill = (stage: Stage, tokens: number): Promise<FilledTables> =>
  stage.fillTables({ tokens, told: stage.key({ name: 'Marketo', role: 'service' }).key.party });

async function compare(
  base: Registry,
  grown: Registry,
  options: BenchOptions,
): Promise<SizedRegistry> {
  const p50: Record<ComparedOp, number[]> = { 'checks.match': [], 'checks.evaluate': [] };
  const growth: Record<ComparedOp, number[]> = { 'checks.match': [], 'checks.evaluate': [] };
  for (let i = -1; i < options.rounds; i++) {
    for (const op of compared) {
      const before = await p50Of(base, op, options);
      const here = await p50Of(grown, op, options);
      // The first round is for caches, and for what is disclosed once.
      if (i < 0) continue;
      p50[op].push(here);
      growth[op].push(here / before);
    }
  }
  return { filled: grown.filled, p50: mapMedian(p50), growth: mapMedian(growth) };
}

const mapMedian = (samples: Record<ComparedOp, number[]>): Record<ComparedOp, number> => ({
  'checks.match': median(samples['checks.match']),
  'checks.evaluate': median(samples['checks.evaluate']),
});

async function p50Of(at: Registry, op: ComparedOp, { seconds }: RoundOptions): Promise<number> {
  const checks = await Promise.all(Array.from({ length: checksOfRound }, () => openCheck(at)));
  const elements = evaluating(3);
  const requests: LoadRequest[] = [];
  for (let i = 0; i < seconds * mostASecond; i++) {
    requests.push(
      op === 'checks.match'
        ? await question(at.stage, checks[i % checks.length]!)
        : await evaluation(at.stage, elements),
    );
  }
  const side = { url: at.stage.signedUrl, requests };
  return (await measure(at.stage, side, { seconds, connections })).p50;
}

/** One of the tokens of its check. */
function question(stage: Stage, { check, tokens }: OpenedCheck): Promise<LoadRequest> {
  const token = tokens[randomInt(tokens.length)]!;
  const by = stage.key({ name: 'Tubely', role: 'service' });
  return signedRequest(stage, {
    by,
    op: 'checks.match',
    in: { check, tokens: [{ epoch: 1, token }] },
  });
}

const evaluation = (stage: Stage, input: OpInput<'checks.evaluate'>): Promise<LoadRequest> =>
  signedRequest(stage, {
    by: stage.key({ name: 'Tubely', role: 'service' }),
    op: 'checks.evaluate',
    in: input,
  });

function evaluating(elements: number): OpInput<'checks.evaluate'> {
  const inputs = Array.from({ length: elements }, () => randomBytes(16));
  const blinded = blind(inputs).blinded.map((bytes) => Buffer.from(bytes).toString('base64url'));
  return { purpose: 'monetisation', epochs: [1], blinded };
}

interface OpenedCheck {
  readonly check: Id<'chk'>;
  /** As many as it evaluated, every other one listed */
  readonly tokens: readonly string[];
}

async function openCheck({ stage, filled }: Registry): Promise<OpenedCheck> {
  const by = stage.key({ name: 'Tubely', role: 'service' });
  const opened = await call(stage, { by, op: 'checks.evaluate', in: evaluating(tokensOfCheck) });
  const tokens = Array.from({ length: tokensOfCheck }, (_, n) =>
    n % 2 === 0
      ? filled.listed[randomInt(filled.listed.length)]!
      : randomBytes(32).toString('base64url'),
  );
  return { check: (opened as { check: Id<'chk'> }).check, tokens };
}

function report(sized: readonly SizedRegistry[], { rounds, seconds }: BenchOptions): Report {
  const largest = sized.at(-1)!;
  return {
    bench: 'scale',
    setting: { rounds, seconds, connections, tokens: largest.filled.tokens },
    rows: sized.map(({ filled, p50, growth }) => ({
      tokens: filled.tokens,
      GB: round(filled.gigabytes),
      'match p50 ms': round(p50['checks.match']),
      'evaluate p50 ms': round(p50['checks.evaluate']),
      'match, to 10^4': round(growth['checks.match']),
      'evaluate, to 10^4': round(growth['checks.evaluate']),
    })),
    bars: compared.map((op) =>
      atMost(`${op}, p50 of ${largest.filled.tokens} to 10^4 tokens`, largest.growth[op], 1.3),
    ),
    notes: [
      'Each size is asked in turns with a second registry of 10^4 tokens; growth is the median of the ratios of the rounds.',
      'Match: one token, half of them listed, anywhere in the tables. Evaluate: three elements.',
    ],
  };
}
