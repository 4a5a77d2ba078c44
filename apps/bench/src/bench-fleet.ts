import { availableParallelism } from 'node:os';
import { publicPart, thumbprint } from '@recourse/protocol';
import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import type { BenchOptions } from './bench-calls.ts';
import type { FleetJob, FleetResult } from './fleet/commit-groups.ts';
import { ask, startChild } from './load/run-load.ts';
import { timeOfTree } from './process-time.ts';
import { atLeast, atMost, progress, round, type Report } from './report.ts';
import { openStage, type Stage } from './stage.ts';
import { median, quantile } from './statistics.ts';

const platforms = 64;
const readsOfGroup = 16;
const commitMs = 3;
const warmSeconds = 4;

/** Servers of one connection each; by leases, and once without them: then each group writes the rows of its platforms. */
const sides = {
  '1': { servers: 1, isUnleased: false },
  '8': { servers: 8, isUnleased: false },
  '20': { servers: 20, isUnleased: false },
  '8, without leases': { servers: 8, isUnleased: true },
  '20, without leases': { servers: 20, isUnleased: true },
} as const;

type SideName = keyof typeof sides;

interface Round {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Connections that wait for a lock of a row, on average */
  readonly waiting: number;
  /** Processor time of PostgreSQL a group, in microseconds */
  readonly cpu: number;
}

/**
 * The statements of a group of evaluations, as a server commits them, on 1, 8 and 20 connections. Reads are made up behind
 * their evaluation: one process of Node answers 1,000 to 1,500 whole calls a second, and that is not what is measured.
 */
export async function benchFleet(options: BenchOptions): Promise<Report> {
  const stage = await openStage({ commitMs });
  const owner = connect({ url: stage.ownerUrl, connections: 1 });
  try {
    const job = await jobOf(stage, { owner, seconds: options.seconds });
    const rounds: Record<string, Round[]> = {};
    for (let n = 0; n <= options.rounds; n++) {
      progress(`round ${n} of ${options.rounds}`);
      for (const [name, side] of Object.entries(sides)) {
        const measured = await runSide({ ...job, ...side }, { owner, stage });
        // The first round warms up.
        if (n > 0) (rounds[name] ??= []).push(measured);
      }
    }
    return report(rounds, options);
  } finally {
    await owner.destroy();
    await stage.close();
  }
}

async function jobOf(
  stage: Stage,
  { owner, seconds }: { owner: Db; seconds: number },
): Promise<Omit<FleetJob, 'servers' | 'isUnleased'>> {
  const crowd = await stage.platforms({ count: platforms, keyed: platforms });
  await owner.updateTable('parties').set({ elements_per_day: 100_000_000 }).execute();
  const keyed = crowd.map(({ party, privateJwk }) => ({
    party,
    kid: thumbprint(publicPart(privateJwk!)),
  }));
  return { databaseUrl: stage.databaseUrl, platforms: keyed, reads: readsOfGroup, seconds };
}

async function runSide(
  job: FleetJob,
  { owner, stage }: { owner: Db; stage: Stage },
): Promise<Round> {
  const processes = Math.min(job.servers, availableParallelism());
  const children = Array.from({ length: processes }, () =>
    startChild(new URL('./fleet/commit-groups.ts', import.meta.url)),
  );
  const run = async (seconds: number): Promise<number[]> => {
    const milliseconds = children.map((child, place) => {
      const servers = Math.floor((job.servers + place) / processes);
      return ask<FleetResult>(child, { ...job, servers, seconds });
    });
    return (await Promise.all(milliseconds)).flat();
  };
  try {
    // Each server takes its first units of each bucket.
    await run(warmSeconds);
    const before = await timeOfTree(stage.postgresPid);
    const endSamples = sampleLocks(owner);
    const groups = await run(job.seconds);
    const spent = (await timeOfTree(stage.postgresPid)) - before;
    return {
      rate: (groups.length * job.reads) / job.seconds,
      p50: quantile(groups, 0.5),
      p99: quantile(groups, 0.99),
      waiting: await endSamples(),
      cpu: spent / groups.length,
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

const sampleMs = 50;

/** Counts connections that wait for a lock. @returns ends it, with their average */
function sampleLocks(owner: Db): () => Promise<number> {
  const end = new AbortController();
  const samples: number[] = [];
  const sampling = (async () => {
    while (!end.signal.aborted) {
      const { rows } = await sql<{ n: number }>`
        select count(distinct pid)::int as n from pg_locks
        where not granted and locktype in ('tuple', 'transactionid')`.execute(owner);
      samples.push(rows[0]!.n);
      await new Promise((resolve) => setTimeout(resolve, sampleMs));
    }
  })();
  return async () => {
    end.abort();
    await sampling;
    return samples.reduce((sum, n) => sum + n, 0) / samples.length;
  };
}

function report(rounds: Readonly<Record<string, Round[]>>, options: BenchOptions): Report {
  const middle = (side: SideName, figure: keyof Round): number =>
    median((rounds[side] ?? []).map((one) => one[figure]));
  const { seconds } = options;
  return {
    bench: 'fleet',
    setting: { rounds: options.rounds, seconds, platforms, readsOfGroup, commitMs },
    rows: (Object.keys(sides) as SideName[]).map((side) => ({
      connections: side,
      'reads a second': round(middle(side, 'rate')),
      'group p50 ms': round(middle(side, 'p50')),
      'group p99 ms': round(middle(side, 'p99')),
      'waiting for a lock': round(middle(side, 'waiting')),
      'PostgreSQL CPU us a group': round(middle(side, 'cpu')),
    })),
    bars: [
      atLeast('rate on 8 connections, of 1', middle('8', 'rate') / middle('1', 'rate'), 4),
      atMost('waiting for a lock on 20', middle('20', 'waiting'), 1),
      atMost('p99 on 20, s', middle('20', 'p99') / 1000, 0.3),
    ],
    notes: [
      'Each connection is a server that commits groups one after the other, in processes beside each other.',
      'commit_delay stands in for a standby: each flush waits for so long, and others join it.',
      'The sequencer of the server and the makers of the groups share the cores with PostgreSQL.',
    ],
  };
}
