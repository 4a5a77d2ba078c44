import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, migrate, Vault } from '@recourse/registry';
import { startEmbeddedPostgres } from '@recourse/server/embedded-postgres';
import type { BenchOptions } from './bench-calls.ts';
import { FilledLog } from './growth/fill-log.ts';
import { measureCommits } from './growth/commit-bytes.ts';
import type { ReadJob, ReadResult } from './growth/read-log-child.ts';
import { ask, startChild } from './load/run-load.ts';
import { atMost, progress, round, type Bar, type Report } from './report.ts';

/** The smaller log is a tenth of the larger one, and a day adds a thousandth to that. */
const [smaller, day] = [1 / 10, 1 / 1_000];
const mostHeapMb = 150;

type Reader = ReadJob['what'];
const readers: readonly Reader[] = ['report', 'doctor'];

interface Reading extends ReadResult {
  readonly reader: Reader;
  readonly entries: number;
  readonly run: 'first' | 'after a day';
}

/** Bytes of commits; before that heap and time of who reads the log: of a log and of one ten times as long, and of that once more a day later. */
export async function benchGrowth({ entries }: Pick<BenchOptions, 'entries'>): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'recourse-bench-growth-'));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: { max_wal_size: '4GB', checkpoint_timeout: '1h' },
  });
  const owner = connect({ url: postgres.ownerUrl, connections: 1 });
  try {
    await migrate({ url: postgres.ownerUrl });
    const vaultKey = randomBytes(32);
    const log = await FilledLog.open(owner, new Vault(vaultKey));
    const job = { url: postgres.url, vaultKey: vaultKey.toString('base64') };
    const size = Math.round(entries * smaller);
    await log.grow(size);
    const readings = await readAll(job, { entries: size, run: 'first' });
    await log.grow(entries - size);
    await forgetCounted(owner);
    readings.push(...(await readAll(job, { entries, run: 'first' })));
    await log.grow(Math.round(entries * day));
    readings.push(...(await readAll(job, { entries, run: 'after a day' })));
    return withCommits(report(readings, entries), await measureCommits(postgres.url, owner));
  } finally {
    await owner.destroy();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const withCommits = (report: Report, { rows, bars }: Pick<Report, 'rows' | 'bars'>): Report => ({
  ...report,
  rows: [...rows, ...report.rows],
  bars: [...bars, ...report.bars],
});

/** The next report is a first one. */
const forgetCounted = (owner: ReturnType<typeof connect>) =>
  owner.deleteFrom('report_fold').execute();

async function readAll(
  job: Omit<ReadJob, 'what' | 'isFirst'>,
  reading: Pick<Reading, 'entries' | 'run'>,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const reader of readers) {
    const script = new URL('./growth/read-log-child.ts', import.meta.url);
    const child = startChild(script, {}, ['--expose-gc', '--max-old-space-size=8192']);
    const result = await ask<ReadResult>(child, {
      ...job,
      what: reader,
      isFirst: reading.run === 'first',
    });
    progress(
      `${reader}, ${reading.run}, ${reading.entries} entries: ${round(result.seconds)} s, ${round(result.heapMb)} MB`,
    );
    readings.push({ ...reading, ...result, reader });
  }
  return readings;
}

function report(readings: readonly Reading[], entries: number): Report {
  return {
    bench: 'growth',
    setting: { entries, 'a day': Math.round(entries * day) },
    rows: readings.map((reading) => ({
      reader: reading.reader,
      run: reading.run,
      entries: reading.entries,
      seconds: round(reading.seconds),
      'heap MB': round(reading.heapMb),
      differences: reading.differences,
    })),
    bars: readers.flatMap((reader) =>
      barsOf(
        reader,
        readings.filter((reading) => reading.reader === reader),
      ),
    ),
    notes: [
      'Heap: what was alive, by collections on the way, in a process of its own. Their time is taken off.',
      'A day: a thousandth of the larger log, new records with all that became of them.',
    ],
  };
}

function barsOf(reader: Reader, [small, large, after]: readonly Reading[]): Bar[] {
  if (!small || !large || !after) return [];
  return [
    atMost(
      `heap of the ${reader}, of that at a tenth of the entries`,
      large.heapMb / small.heapMb,
      1.1,
    ),
    atMost(`heap of the ${reader}, MB`, large.heapMb, mostHeapMb),
    atMost(`${reader} after a day, of a first one`, after.seconds / large.seconds, 0.1),
  ];
}
