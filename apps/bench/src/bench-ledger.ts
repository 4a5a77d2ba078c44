import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseVerifierKey, type Checkpoint } from '@recourse/ledger';
import type { BenchOptions } from './bench-calls.ts';
import type { AppendResult } from './ledger/append.ts';
import { ServedLog } from './ledger/read-log.ts';
import { verifyServed } from './ledger/verify-served.ts';
import { atMost, progress, round, type Report } from './report.ts';
import { openStage, type Stage } from './stage.ts';
import { median, quantile } from './statistics.ts';

/** Entries that wait at once: half a minute of a busy registry */
const batch = 50_000;
const proofs = 500;
/** The bar, for so many entries */
const verifySeconds = 60 / 1_000_000;

interface ProofTimes {
  readonly byLog: readonly number[];
  readonly tiles: readonly number[];
}

/**
 * A log that is filled through the sequencer of a server, on its PostgreSQL: how fast it grows, what a proof of an entry
 * takes, and how long `recourse ledger verify` takes from the first entry to the last.
 */
export async function benchLedger(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  try {
    const appended = await fill(stage, options.entries);
    const key = await ledgerKey(stage);
    const log = new ServedLog(stage.signedUrl, parseVerifierKey(key));
    const checkpoint = await whenSigned(log, options.entries);
    progress(`${proofs} proofs in a log of ${checkpoint.size} entries`);
    const proven = await proveSome(log, checkpoint);
    const verified: number[] = [];
    for (let i = 0; i < options.rounds; i++) {
      progress(`verifying ${checkpoint.size} entries, ${i + 1} of ${options.rounds}`);
      verified.push(await verifyAll(stage, key));
    }
    return report({ appended, proven, verified }, { ...options, size: checkpoint.size });
  } finally {
    await stage.close();
  }
}

async function fill(stage: Stage, entries: number): Promise<AppendResult[]> {
  const appended: AppendResult[] = [];
  for (let done = 0; done < entries; done += appended.at(-1)!.entries) {
    appended.push(await stage.append(Math.min(batch, entries - done)));
    progress(`${done + appended.at(-1)!.entries} of ${entries} entries in the log`);
  }
  return appended;
}

async function ledgerKey({ signedUrl }: Stage): Promise<string> {
  const response = await fetch(`${signedUrl}/.well-known/recourse`);
  return ((await response.json()) as { ledger: { key: string } }).ledger.key;
}

async function whenSigned(log: ServedLog, entries: number): Promise<Checkpoint> {
  for (;;) {
    const checkpoint = await log.checkpoint();
    if (checkpoint.size >= entries) return checkpoint;
    await delay(100);
  }
}

/** The first, the last, and others anywhere. */
async function proveSome(log: ServedLog, checkpoint: Checkpoint): Promise<ProofTimes> {
  const { size } = checkpoint;
  const places = Array.from({ length: proofs - 2 }, () => randomInt(size));
  const byLog: number[] = [];
  const tiles: number[] = [];
  for (const index of [0, size - 1, ...places]) {
    const leaf = await log.leaf(index, size);
    byLog.push(await log.provenByLog(leaf));
    tiles.push(await log.provenByTiles({ index, leaf }, checkpoint));
  }
  return { byLog, tiles };
}

async function verifyAll({ signedUrl, origin }: Stage, key: string): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'recourse-bench-reader-'));
  try {
    const state = join(dir, 'state.json');
    return (await verifyServed({ url: signedUrl, origin, key, state })).seconds;
  } finally {
    await rm(dir, { recursive: true });
  }
}

function report(
  {
    appended,
    proven,
    verified,
  }: { appended: readonly AppendResult[]; proven: ProofTimes; verified: readonly number[] },
  { rounds, size }: { rounds: number; size: number },
): Report {
  const commits = appended.reduce((sum, part) => sum + part.commits, 0);
  const rates = appended.map(({ entries, seconds }) => entries / seconds);
  const seconds = median(verified);
  return {
    bench: 'ledger',
    setting: { entries: size, commits, batch, proofs, rounds },
    rows: [
      {
        what: 'append',
        'entries/s': round(median(rates)),
        'slowest entries/s': round(Math.min(...rates)),
      },
      {
        what: 'proof by the log, verified',
        'p50 ms': round(quantile(proven.byLog, 0.5)),
        'p99 ms': round(quantile(proven.byLog, 0.99)),
      },
      { what: 'verification', 'entries/s': round(size / seconds), seconds: round(seconds) },
    ],
    bars: [
      atMost('tiles a proof reads', Math.max(...proven.tiles), 6),
      atMost(`seconds to verify ${size} entries`, seconds, round(size * verifySeconds)),
    ],
    notes: [
      'Append: from the moment that a batch waits until all of it is in the durable log, by the sequencer of the server.',
      'Verification: a process of its own reads every file over HTTP from the server on the same cores, from its start to its end.',
    ],
  };
}
