import { join } from 'node:path';
import { connect, type Db } from '@recourse/registry';
import { discloseOne, settingOf, signedSide, type BenchOptions } from './bench-calls.ts';
import { submitSide } from './bench-submit.ts';
import {
  compareAudit,
  compareLog,
  compareRecords,
  compareSubmissions,
  payloadOf,
  type Discrepancies,
} from './count-receipts.ts';
import { verifyServed } from './ledger/verify-served.ts';
import { liftQuota } from './lift-quota.ts';
import type { LoadRequest, LoadResult } from './load/load.ts';
import { runLoad } from './load/run-load.ts';
import { atMost, progress, round, type Report } from './report.ts';
import { assertAllAnswered, type Side } from './rounds.ts';
import { openStage, type Stage } from './stage.ts';
import { median, quantile } from './statistics.ts';

const counts = [1, 2, 3] as const;
const operations = ['match', 'submit'] as const;
/** Submissions that every server gets at once. */
const copies = 20;

interface Round {
  readonly name: string;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * `checks.match` and `sanctions.submit` by one, two and three server processes on one database, in turns. Each answer is
 * then looked up in the audit, the records and the log: none may be missing, and none may be there twice, although some
 * submissions went to all servers at once.
 */
export async function benchServers(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  const db = connect({ url: stage.ownerUrl, connections: 1 });
  try {
    await liftQuota(stage, { name: 'Harbour', limits: { submissionsPerDay: 1_000_000 } });
    const others = [await stage.beside(), await stage.beside()];
    const urls = [stage.signedUrl, ...others.map(({ url }) => url)];
    const asked = await discloseOne(stage);
    const make = {
      match: () => signedSide(stage, asked.match, options),
      submit: () => submitSide(stage, 'signed', options),
    };
    const rounds: Round[] = [];
    const books = new Books(db);
    for (let n = 0; n < options.rounds; n++) {
      progress(`round ${n + 1} of ${options.rounds}`);
      for (const op of operations) {
        for (const servers of counts) {
          const used = urls.slice(0, servers);
          const side = spread(await make[op](), used);
          const result = await runLoad({ ...side, ...options, keepsReceipts: true });
          assertAllAnswered(result);
          await books.note(op, side.requests.slice(0, result.answered), result);
          if (op === 'submit') await books.noteCopies(await make.submit(), used);
          rounds.push(roundOf(`${op}, ${servers}`, result));
        }
      }
    }
    await books.close();
    return report(rounds, { options, books, entries: await verify(stage) });
  } finally {
    await db.destroy();
    await stage.close();
  }
}

/** Each request to the next server. */
const spread = ({ url, requests }: Side, urls: readonly string[]): Side => ({
  url,
  requests: requests.map((request, n) => ({
    ...request,
    path: new URL(request.path, urls[n % urls.length]).href,
  })),
});

const roundOf = (name: string, { answered, seconds, latencies }: LoadResult): Round => ({
  name,
  rate: answered / seconds,
  p50: quantile(latencies, 0.5),
  p99: quantile(latencies, 0.99),
});

/** Compares what was answered with what is stored. */
class Books {
  readonly #db: Db;
  readonly #receipts: string[] = [];
  answered = 0;
  lost = 0;
  twice = 0;

  constructor(db: Db) {
    this.#db = db;
  }

  async note(
    op: (typeof operations)[number],
    requests: readonly LoadRequest[],
    { receipts = [] }: Pick<LoadResult, 'receipts'>,
  ): Promise<void> {
    const calls = requests.map(({ body = '' }) => payloadOf(body.split('.')[1]) as Call);
    this.answered += calls.length;
    this.#receipts.push(...receipts);
    this.#add(await compareAudit(this.#db, { jtis: calls.map(({ jti }) => jti), receipts }));
    if (op === 'submit') this.#add(await compareRecords(this.#db, calls.map(recordOf)));
  }

  /** Sends some submissions to all servers at once: each must be answered by all with the one receipt. */
  async noteCopies({ requests }: Side, urls: readonly string[]): Promise<void> {
    const sent = requests.slice(0, copies);
    const answers = await Promise.all(
      sent.map((one) => Promise.all(urls.map((url) => receiptOf(one, url)))),
    );
    const receipts = answers.map((each) => new Set(each));
    this.twice += receipts.filter(({ size }) => size > 1).length;
    await this.note('submit', sent, { receipts: receipts.map((each) => [...each][0]!) });
  }

  async close(): Promise<void> {
    this.#add(await compareLog(this.#db, this.#receipts));
    this.#add(await compareSubmissions(this.#db));
  }

  #add({ lost, twice }: Discrepancies): void {
    this.lost += lost;
    this.twice += twice;
  }
}

interface Call {
  readonly jti: string;
  readonly in: { readonly statement?: string };
}

const recordOf = (call: Call): string =>
  (payloadOf(call.in.statement?.split('.')[1]) as { jti: string }).jti;

/** A server that is busy with another copy says so, and is asked again. */
async function receiptOf({ path, contentType, body }: LoadRequest, url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'Content-Type': contentType ?? '' },
      body: body ?? '',
    });
    const text = await answer.text();
    const receipt = answer.headers.get('recourse-receipt');
    if (answer.status === 200 && receipt !== null) return receipt;
    if (answer.status !== 503) throw new Error(`a copy was answered ${answer.status}: ${text}`);
  }
}

/** Reads the whole log as a monitor does. @returns its entries */
async function verify({ signedUrl: url, origin, dataDir }: Stage): Promise<number> {
  const { ledger } = (await (await fetch(`${url}/.well-known/recourse`)).json()) as {
    ledger: { key: string };
  };
  const state = join(dataDir, 'verified.json');
  return (await verifyServed({ url, origin, key: ledger.key, state })).entries;
}

function report(
  rounds: readonly Round[],
  { options, books, entries }: { options: BenchOptions; books: Books; entries: number },
): Report {
  const { answered, lost, twice } = books;
  const byName = Map.groupBy(rounds, ({ name }) => name);
  const middle = (name: string, figure: 'rate' | 'p50' | 'p99'): number =>
    median((byName.get(name) ?? []).map((one) => one[figure]));
  return {
    bench: 'servers',
    setting: { ...settingOf(options), answered, entries },
    rows: operations.flatMap((op) =>
      counts.map((servers) => ({
        op,
        servers,
        'answers/s': round(middle(`${op}, ${servers}`, 'rate')),
        'of one server': round(
          middle(`${op}, ${servers}`, 'rate') / middle(`${op}, ${counts[0]}`, 'rate'),
        ),
        'p50 ms': round(middle(`${op}, ${servers}`, 'p50')),
        'p99 ms': round(middle(`${op}, ${servers}`, 'p99')),
      })),
    ),
    bars: [atMost('answers lost', lost, 0), atMost('answers stored twice', twice, 0)],
    notes: [
      'The connections are spread over the servers. Servers, PostgreSQL and the generator share the cores of one machine, so',
      'more servers answer more only where cores are left.',
      'Each answer is looked up by its receipt: one audit row, one `calls` entry in the log, one record a submission. The whole',
      'log was verified afterwards.',
    ],
  };
}
