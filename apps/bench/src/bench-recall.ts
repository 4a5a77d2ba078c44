import { signCall, signCompact, signerFromJwk, type Id } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import type { BenchOptions } from './bench-calls.ts';
import type { LoadRequest } from './load/load.ts';
import { runLoad } from './load/run-load.ts';
import { atMost, round, type Report } from './report.ts';
import { call } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { median } from './statistics.ts';
import { makeSubmission } from './submission.ts';
import type { ToldPlatform } from './told-platforms.ts';

/** How many platforms were told of the sanction that ends. */
const sizes = [10, 1_000, 10_000];
/** As many poll for their event afterwards. */
const polling = 1_000;

interface EndTimes {
  /** Milliseconds from the call to its answer, which is after the commit */
  readonly took: number;
  /** Milliseconds of CPU of the server */
  readonly cpu: number;
}

/**
 * The end of a sanction that many platforms were told of: its transaction writes a recall, an event, an entry
 * of the ledger and its sealed opening for each. Then all of 1,000 platforms poll for theirs.
 */
export async function benchRecall(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  try {
    const platforms = await stage.platforms({ count: Math.max(...sizes), keyed: polling });
    await endOne(stage, platforms.slice(0, 10));
    const ended = new Map<number, EndTimes[]>(sizes.map((size) => [size, []]));
    const polled: number[] = [];
    for (let i = 0; i < options.rounds; i++) {
      for (const size of sizes) {
        ended.get(size)?.push(await endOne(stage, platforms.slice(0, size)));
        if (size === polling) polled.push(await pollAll(stage, platforms.slice(0, size), options));
      }
    }
    return report(ended, polled, options);
  } finally {
    await stage.close();
  }
}

/** Submits and notifies a record, tells the platforms of it, and measures its withdrawal. */
async function endOne(stage: Stage, platforms: readonly ToldPlatform[]): Promise<EndTimes> {
  const trust = stage.key({ name: 'Harbour', role: 'trust' });
  const { submission, statement } = await makeSubmission(stage, trust);
  const sanction = statement.jti;
  await call(stage, { by: trust, op: 'sanctions.submit', in: submission });
  const sentAt = Math.floor(Date.now() / 1000);
  const notice = { channel: 'web-message' as const, language: 'en', sentAt };
  await call(stage, { by: trust, op: 'sanctions.stateNotice', in: { sanction, ...notice } });
  await stage.tell({ sanction, parties: platforms.map(({ party }) => party) });
  const withdrawal = await withdrawalOf(stage, sanction);
  const before = await stage.usage();
  const start = performance.now();
  const result = await call(stage, { by: trust, op: 'sanctions.withdraw', in: { withdrawal } });
  const took = performance.now() - start;
  const after = await stage.usage();
  const { recalls } = result as { recalls: number };
  if (recalls !== platforms.length)
    throw new Error(`${recalls} recalls for ${platforms.length} platforms`);
  return { took, cpu: (after.cpuMicroseconds - before.cpuMicroseconds) / 1_000 };
}

function withdrawalOf(stage: Stage, sanction: Id<'snc'>): Promise<string> {
  const { key, signer } = stage.key({ name: 'Harbour', role: 'trust' });
  return signCompact(signer, 'recourse-withdrawal+jwt', {
    iss: key.party,
    aud: stage.origin,
    sub: sanction,
    cause: 'error',
    iat: Math.floor(Date.now() / 1000),
  });
}

/** Seconds until the last of the platforms has its event, each polling once. */
async function pollAll(
  stage: Stage,
  platforms: readonly ToldPlatform[],
  options: BenchOptions,
): Promise<number> {
  const result = await runLoad({
    url: stage.signedUrl,
    requests: await Promise.all(platforms.map((platform) => pollOf(stage, platform))),
    connections: options.connections,
    seconds: 60,
  });
  if (result.answered !== platforms.length)
    throw new Error(result.firstOther ?? 'polls are missing');
  return result.seconds;
}

async function pollOf(stage: Stage, { party, privateJwk }: ToldPlatform): Promise<LoadRequest> {
  if (!privateJwk) throw new Error(`${party} has no key`);
  const iat = Math.floor(Date.now() / 1000);
  const body = await signCall(await signerFromJwk(privateJwk), {
    iss: party,
    aud: stage.origin,
    iat,
    exp: iat + 120,
    jti: randomBytes(18).toString('base64url'),
    op: 'events.poll',
    in: { maxEvents: 64 },
  });
  return { path: '/call/events.poll', contentType: 'application/jose', body };
}

function report(
  ended: ReadonlyMap<number, readonly EndTimes[]>,
  polled: readonly number[],
  options: BenchOptions,
): Report {
  const took = (size: number): number => median((ended.get(size) ?? []).map((one) => one.took));
  const each = (size: number): number => took(size) / size;
  return {
    bench: 'recall',
    setting: { rounds: options.rounds, connections: options.connections, polling },
    rows: sizes.map((size) => ({
      'told platforms': size,
      'end ms': round(took(size)),
      'us a platform': round(each(size) * 1_000),
      'server CPU ms': round(median((ended.get(size) ?? []).map(({ cpu }) => cpu))),
    })),
    bars: [
      atMost('growth a platform, 1,000 to 10,000', each(10_000) / each(1_000), 1.5),
      atMost('seconds until 1,000 have polled', median(polled), 5),
    ],
    notes: [
      'End: from the call to its answer, after the commit of all recalls, entries, openings and events.',
      'An event can be polled from the commit on; the seconds are those of 1,000 platforms that each poll once.',
    ],
  };
}
