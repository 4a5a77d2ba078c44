import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, deadlinesOf, migrate, recoverLedger, Vault, type Db } from '@recourse/registry';
import { startEmbeddedPostgres } from '@recourse/server/embedded-postgres';
import type { BenchOptions } from './bench-calls.ts';
import { FilledLog } from './growth/fill-log.ts';
import { loseTail } from './growth/lost-tail.ts';
import { atMost, progress, round, type Report } from './report.ts';

/** Entries of a tail, two a record */
const tail = 1_000;
const smaller = 1 / 10;

interface Recovered {
  readonly entries: number;
  readonly records: number;
  /** Until the log grows; while it grows; what is done again and compared after */
  readonly begin: number;
  readonly append: number;
  readonly rest: number;
  readonly losses: number;
}

/** A recovery of one tail, of a database and of one ten times as large. */
export async function benchRecovery({ entries }: Pick<BenchOptions, 'entries'>): Promise<Report> {
  const small = await recoverOne(Math.round(entries * smaller));
  const large = await recoverOne(entries);
  return {
    bench: 'recovery',
    setting: { entries, tail },
    rows: [small, large].map((one) => ({ ...one, seconds: round(sum(one)) })),
    bars: [atMost('recovery, of that of a tenth of the records', sum(large) / sum(small), 1.2)],
    notes: [],
  };
}

const sum = ({ begin, append, rest }: Recovered): number => begin + append + rest;

async function recoverOne(entries: number): Promise<Recovered> {
  const dataDir = await mkdtemp(join(tmpdir(), 'recourse-bench-recovery-'));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: { max_wal_size: '4GB', checkpoint_timeout: '1h' },
  });
  const owner = connect({ url: postgres.ownerUrl, connections: 2 });
  try {
    await migrate({ url: postgres.ownerUrl });
    const vault = new Vault(randomBytes(32));
    const log = await FilledLog.open(owner, vault);
    await log.grow(entries);
    const recovered = await recover(owner, vault);
    progress(`${entries} entries: ${JSON.stringify(recovered)}`);
    return { entries, ...recovered };
  } finally {
    await owner.destroy();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function recover(db: Db, vault: Vault): Promise<Omit<Recovered, 'entries'>> {
  const { copy, note, key } = await loseTail(db, { vault, records: tail / 2 });
  const { n: records } = await db
    .selectFrom('sanctions')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  let [grew, grown] = [0, 0];
  const begun = performance.now();
  const { losses } = await recoverLedger({
    services: {
      db,
      vault,
      origin: 'bench.example',
      clock: () => new Date(),
      random: randomBytes,
      deadlines: deadlinesOf({}, { sandbox: false }),
    },
    log: key,
    outside: [note],
    copy,
    onProgress: () => {
      grown = performance.now();
      grew ||= grown;
    },
  });
  return {
    records,
    begin: seconds(begun, grew),
    append: seconds(grew, grown),
    rest: seconds(grown, performance.now()),
    losses,
  };
}

const seconds = (from: number, to: number): number => round((to - from) / 1_000);
