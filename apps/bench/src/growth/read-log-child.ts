import { randomBytes } from 'node:crypto';
import process from 'node:process';
import {
  connect,
  countReport,
  deadlinesOf,
  examineLedger,
  Vault,
  type Db,
} from '@recourse/registry';

/** A reader in a process of its own, so that its heap is its own. */
export interface ReadJob {
  readonly what: 'report' | 'doctor';
  readonly url: string;
  /** base64 */
  readonly vaultKey: string;
  /** A first run; else it goes on from what was kept */
  readonly isFirst: boolean;
}

export interface ReadResult {
  readonly seconds: number;
  /** The most that was alive on the heap, in MB, as collections on the way found it */
  readonly heapMb: number;
  /** Where tables and log differ: none */
  readonly differences: number;
}

/** A collection takes a tenth of the time at most: a large heap is looked at less often. */
const [lookEveryMs, pauses] = [250, 10];

process.once('message', (job: ReadJob) => {
  void read(job).then((result) => process.send?.(result, () => process.disconnect()));
});

async function read(job: ReadJob): Promise<ReadResult> {
  const { gc } = globalThis;
  if (!gc) throw new Error('needs --expose-gc');
  const db = connect({ url: job.url, connections: 1 });
  let [heap, looking, pause] = [0, 0, lookEveryMs];
  const look = (): void => {
    const begun = performance.now();
    gc();
    heap = Math.max(heap, process.memoryUsage().heapUsed);
    const took = performance.now() - begun;
    looking += took;
    pause = Math.max(lookEveryMs, pauses * took);
  };
  look();
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    timer = setTimeout(() => {
      look();
      wait();
    }, pause);
  };
  wait();
  const begun = performance.now();
  const differences = job.what === 'report' ? await report(db, job) : await doctor(db, job);
  const seconds = (performance.now() - begun - looking) / 1_000;
  clearTimeout(timer);
  look();
  await db.destroy();
  return { seconds, heapMb: heap / 1e6, differences };
}

const clock = (): Date => new Date();

async function report(db: Db, job: ReadJob): Promise<number> {
  const deadlines = deadlinesOf({}, { sandbox: false });
  const vault = vaultOf(job);
  const { document } = await countReport({ db, vault, clock, deadlines }, { panelPaidBy: null });
  const { comparison } = JSON.parse(document) as {
    comparison: { differences: unknown[]; unopened: number };
  };
  return comparison.differences.length + comparison.unopened;
}

async function doctor(db: Db, job: ReadJob): Promise<number> {
  let differences = 0;
  const seen = new Map<string, number>();
  const { since } = await examineLedger(db, {
    isWhole: job.isFirst,
    vault: vaultOf(job),
    // Nothing was signed.
    key: { name: 'bench.example/ledger', type: 'ed25519', publicKey: randomBytes(32) },
    outside: [],
    onDifference: (one) => {
      differences++;
      const name = `${one.code} ${one.table ?? ''} ${one.what ?? ''}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
    },
    onProgress: () => undefined,
  });
  if (job.isFirst !== (since === undefined)) throw new Error('not what was to be measured');
  for (const [name, n] of seen) process.stderr.write(`${n} ${name}\n`);
  return differences;
}

const vaultOf = ({ vaultKey }: ReadJob): Vault => new Vault(Buffer.from(vaultKey, 'base64'));
