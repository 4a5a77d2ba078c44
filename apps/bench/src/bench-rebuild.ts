import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, signerFromJwk } from '@recourse/protocol';
import { connect, LedgerGuard, migrate, PrefixPublisher, Vault, type Db } from '@recourse/registry';
import { startEmbeddedPostgres } from '@recourse/server/embedded-postgres';
import { sql } from 'kysely';
import type { BenchOptions } from './bench-calls.ts';
import { atMost, progress, round, type Report } from './report.ts';
import { median } from './statistics.ts';

/** Tokens in a transaction: all, as where the contract did not run; or as many as a server takes, by default */
const ways = { all: Number.MAX_SAFE_INTEGER, parts: undefined } as const;
type Way = keyof typeof ways;

interface Rebuilt {
  /** Milliseconds of transactions: the longest, the median, and the one that publishes */
  readonly longest: number;
  readonly middle: number;
  readonly publishing: number;
  readonly seconds: number;
  readonly transactions: number;
  /** Bytes of the heap and of arrays, at most, beyond what there was before */
  readonly held: number;
}

/**
 * A prefix set that is made anew from all that is counted, on one connection of an embedded PostgreSQL: how long the
 * longest transaction takes, and what the process holds.
 */
export async function benchRebuild({ tokens }: Pick<BenchOptions, 'tokens'>): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'recourse-bench-rebuild-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const owner = connect({ url: postgres.ownerUrl, connections: 1 });
  const db = connect({ url: postgres.url, role: 'recourse_service', connections: 1 });
  try {
    await migrate({ url: postgres.ownerUrl });
    const measured: { size: number; way: Way; rebuilt: Rebuilt }[] = [];
    for (const size of [tokens / 100, tokens / 10]) {
      for (const way of ['all', 'parts'] as const) {
        progress(`${size} tokens, ${way} in a transaction`);
        await list(owner, size);
        measured.push({ size, way, rebuilt: await rebuild(db, ways[way]) });
      }
    }
    return report(measured);
  } finally {
    await db.destroy();
    await owner.destroy();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Lists so many random tokens of no record, and nothing else. */
async function list(owner: Db, tokens: number): Promise<void> {
  await sql`truncate prefix_sets, prefix_leads, prefix_versions, prefix_snapshots, prefix_counts, prefix_generations,
    listed_subjects`.execute(owner);
  await sql`insert into listed_subjects (sanction, position, epoch, masked, until)
    select 'snc_' || md5((n / 8)::text), n % 8, 1, floor(random() * 4294967296)::bigint, now() + interval '1 year'
    from generate_series(1, ${tokens}::int) n`.execute(owner);
  await sql`vacuum analyze listed_subjects`.execute(owner);
}

async function rebuild(db: Db, atOnce: number | undefined): Promise<Rebuilt> {
  const times: number[] = [];
  const publisher = new PrefixPublisher({
    services: {
      db: timing(db, times),
      clock: () => new Date(),
      vault: new Vault(randomBytes(32)),
      tokens: { epochs: () => [{ epoch: 1, opensAt: new Date(0) }] } as never,
      sets: {
        load: async () => undefined,
        remember: () => undefined,
        delta: async () => undefined,
      },
      ledger: new LedgerGuard(),
    },
    signer: await signerFromJwk(await generateKey()),
    onUnreadable: (error) => {
      throw error;
    },
    atOnce,
  });
  const before = heldBytes();
  let held = 0;
  const sampling = setInterval(() => (held = Math.max(held, heldBytes() - before)), 20);
  const began = performance.now();
  let publishing = 0;
  for (let more = true; more;) {
    const step = await publisher.step();
    if (step.versions > 0) publishing = times.at(-1)!;
    ({ more } = step);
  }
  clearInterval(sampling);
  const seconds = (performance.now() - began) / 1_000;
  const [longest, middle] = [Math.max(...times), median(times)];
  return { longest, middle, publishing, seconds, transactions: times.length, held };
}

/** The same database, whose transactions are timed. */
const timing = (db: Db, times: number[]): Db =>
  new Proxy(db, {
    get(target, name) {
      if (name !== 'transaction') {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return () => ({
        execute: async <T>(run: (trx: Db) => Promise<T>): Promise<T> => {
          const began = performance.now();
          const result = await target.transaction().execute(run);
          times.push(performance.now() - began);
          return result;
        },
      });
    },
  });

function heldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function report(measured: readonly { size: number; way: Way; rebuilt: Rebuilt }[]): Report {
  const longest = (way: Way, at: number): number =>
    measured.filter((one) => one.way === way)[at]!.rebuilt.longest;
  return {
    bench: 'rebuild',
    setting: { tokens: measured.at(-1)!.size },
    rows: measured.map(({ size, way, rebuilt }) => ({
      tokens: size,
      'in a transaction': way === 'all' ? 'all' : 'a part',
      transactions: rebuilt.transactions,
      'ms, the longest': round(rebuilt.longest),
      'ms, the median': round(rebuilt.middle),
      'ms, that publishes': round(rebuilt.publishing),
      's in all': round(rebuilt.seconds),
      'MB held more, at most': round(rebuilt.held / 1e6),
    })),
    bars: [
      atMost(
        'the longest transaction, by parts beside all',
        longest('parts', 1) / longest('all', 1),
        0.2,
      ),
      atMost(
        'the longest transaction by parts, of ten times as many tokens',
        longest('parts', 1) / longest('parts', 0),
        2,
      ),
    ],
    notes: [
      'All in one transaction is how it was, and how it is before the contract.',
      'The transaction that publishes hashes the whole set and writes its snapshot; both sides have it.',
    ],
  };
}
