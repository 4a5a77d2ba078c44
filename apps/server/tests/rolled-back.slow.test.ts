import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { signerFromJwk, type PartyId, type Role } from '@recourse/protocol';
import { connect, readState } from '@recourse/registry';
import { buildSubmission, random32 } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/postgres/embedded-postgres.ts';
import { readConfig, silentLog, startServer, type RunningServer } from '../src/index.ts';
import { freePort } from '../src/postgres/free-port.ts';
import { eventually } from './eventually.ts';
import { checkpointOf } from './ledger-fixture.ts';
import { TestServer } from './run-server.ts';
import { codeOfSample, creatorAct } from './sample-case.ts';

// Servers start anew in each round, and PostgreSQL four times.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

const rounds = 3;
const dir = mkdtempSync(join(tmpdir(), 'recourse-rolled-back-'));
const folder = join(dir, 'postgres');
const cluster = join(folder, 'cluster');
const copy = join(dir, 'copy');
const truth = join(dir, 'truth');
const dataDir = join(dir, 'data');

let port: number;
let database: EmbeddedPostgres;

interface Answer {
  readonly what: 'answer';
  readonly port: number;
  readonly op: string;
  readonly status: number;
}
/** What left a server, in the order in which it left, and when each server said that it recovers. */
type Happening =
  | Answer
  | { readonly what: 'recovering'; readonly port: number }
  | { readonly what: 'old copy' };
let happened: Happening[] = [];

const end = Reflect.get(ServerResponse.prototype, 'end') as ServerResponse['end'];
beforeAll(async () => {
  // oxlint-disable-next-line typescript/no-explicit-any -- `end` is overloaded
  ServerResponse.prototype.end = function (this: ServerResponse, ...rest: any[]) {
    const { url = '', socket } = this.req;
    const op = /^\/(?:call|trpc)\/([a-z]+\.[a-zA-Z]+)$/.exec(url)?.[1];
    const { statusCode: status } = this;
    if (op) happened.push({ what: 'answer', port: socket.localPort ?? 0, op, status });
    return Reflect.apply(end, this, rest) as ServerResponse;
  };
  port = await freePort();
  await startDatabase();
});
afterAll(async () => {
  ServerResponse.prototype.end = end;
  await database.stop();
  rmSync(dir, { recursive: true });
});

/** Every commit that it answers outlives its process. */
async function startDatabase(): Promise<void> {
  const settings = { fsync: 'off', autovacuum: 'off' };
  database = await startEmbeddedPostgres({ dataDir: folder, port, settings });
}

interface Started {
  readonly server: RunningServer;
  readonly client: TestServer;
}

async function start(): Promise<Started> {
  const at = await freePort();
  const config = readConfig({
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    RECOURSE_DATA_DIR: dataDir,
    RECOURSE_PORT: String(at),
    RECOURSE_ORIGIN: 'http://registry.test',
    RECOURSE_CONCURRENCY: '8',
    RECOURSE_DRAIN_SECONDS: '0',
  });
  const alarm = (line: string): void => {
    if (line.startsWith('RECOVERING')) happened.push({ what: 'recovering', port: at });
  };
  const server = await startServer(config, { ...silentLog, alarm });
  return { server, client: new TestServer(server, dataDir) };
}

/** Six clients, each of which asks one server and then the other until it is told to stop. */
function traffic(
  servers: readonly TestServer[],
  code: string,
  over: AbortSignal,
): Promise<unknown> {
  const acts = [submits, lists, lists, lists, opens, opens];
  return Promise.all(
    acts.map(async (act, n) => {
      for (let i = n; !over.aborted; i++) {
        const status = await act(servers[i % servers.length]!, code).catch(() => 0);
        if (status !== 200) await delay(20);
      }
    }),
  );
}

async function submits(at: TestServer): Promise<number> {
  const key = at.party('Harbour', 'trust');
  const signer = await signerFromJwk(key.privateJwk);
  const identity = { party: key.party as PartyId, role: key.role as Role, signer, statement: '' };
  const signing = { signedBy: { ...key, ...identity }, audience: at.origin, now: new Date() };
  const submission = await buildSubmission({ ...signing, subjects: [{ token: random32() }] });
  return (await at.call(key, 'sanctions.submit', submission)).status;
}

const lists = async (at: TestServer): Promise<number> =>
  (await at.call(at.party('Tubely', 'service'), 'sanctions.list', {})).status;

const opens = async (at: TestServer, code: string): Promise<number> =>
  (await creatorAct(at, 'case.open', { code })).status;

const answers = (from: number): readonly Answer[] =>
  happened.slice(from).filter((one) => one.what === 'answer' && one.status === 200) as Answer[];

/** Entries in the tree of the database that is in place; what is served of it comes later. */
async function sizeOfLog(): Promise<number> {
  const db = connect({ url: database.ownerUrl, connections: 1 });
  const { size } = await readState(db);
  await db.destroy();
  return size;
}

/** A bucket that the submissions of a round do not empty. */
async function raiseQuota(at: TestServer): Promise<void> {
  const { party } = at.party('Harbour', 'trust');
  const quota = { party, submissionsPerDay: 100_000, elementsPerDay: 1_000_000 };
  const operators = at.parties.filter(({ name }) => name === 'Operator');
  for (const operator of operators) await at.call(operator, 'platforms.setQuota', quota);
}

/** Puts the copy in the place of the database, as a restore does, and notes when. */
async function rollBack(): Promise<void> {
  process.kill(database.pid, 'SIGQUIT');
  await database.exited;
  // What the true one answered leaves first: nothing else can be answered now.
  await delay(1_000);
  renameSync(cluster, truth);
  renameSync(copy, cluster);
  happened.push({ what: 'old copy' });
  await startDatabase();
}

/** One restore of an old copy under two servers that are asked all the time. */
async function round(): Promise<{ fromOldCopy: string[]; whileRecovering: string[] }> {
  const started = [await start(), await start()];
  const clients = started.map(({ client }) => client);
  await raiseQuota(clients[0]!);
  const code = await codeOfSample(clients[0]!, 'phishing');
  const over = new AbortController();
  await database.stop();
  execFileSync('cp', ['-a', cluster, copy]);
  await startDatabase();
  const size = await sizeOfLog();
  happened = [];
  const asking = traffic(clients, code, over.signal);
  // Signed beyond the copy, and known to both: six calls at most began before.
  await eventually(
    () => checkpointOf(clients[1]!).catch(() => ({ size: 0 })),
    (checkpoint) => checkpoint.size > size,
  );
  const since = happened.length;
  const answered = async (): Promise<number[]> =>
    clients.map(
      ({ url }) => answers(since).filter(({ port: at }) => url.endsWith(`:${at}`)).length,
    );
  const counts = await eventually(answered, (found) => found.every((n) => n > 6));
  expect(counts.every((n) => n > 6)).toBe(true);
  await rollBack();
  const recovering = async (): Promise<number> =>
    new Set(happened.flatMap((one) => (one.what === 'recovering' ? one.port : []))).size;
  expect(await eventually(recovering, (n) => n === 2)).toBe(2);
  await delay(1_000);
  over.abort();
  await asking;
  for (const { server } of started) await server.stop();
  await database.stop();
  rmSync(cluster, { recursive: true });
  renameSync(truth, cluster);
  await startDatabase();
  return judge();
}

/** What was answered by the old copy; and by a server that had said that it recovers. */
function judge(): { fromOldCopy: string[]; whileRecovering: string[] } {
  const since = happened.findIndex(({ what }) => what === 'old copy');
  const recovering = new Set<number>();
  const result = { fromOldCopy: [] as string[], whileRecovering: [] as string[] };
  for (const event of happened.slice(since)) {
    if (event.what === 'recovering') recovering.add(event.port);
    if (event.what !== 'answer' || event.status !== 200) continue;
    result[recovering.has(event.port) ? 'whileRecovering' : 'fromOldCopy'].push(event.op);
  }
  return result;
}

test('an old copy of the database that comes back under load answers no call', async () => {
  for (let n = 0; n < rounds; n++) {
    expect([n, await round()]).toEqual([n, { fromOldCopy: [], whileRecovering: [] }]);
  }
});
