import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { workerPort } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/postgres/embedded-postgres.ts';
import { readConfig, silentLog, startServer, type RunningServer } from '../src/index.ts';
import { chooseAccount } from '../src/postgres/account.ts';
import { findBinaries } from '../src/postgres/binaries.ts';
import { startPostmaster, type Postmaster } from '../src/postgres/postmaster.ts';
import { eventually } from './eventually.ts';
import { checkpointOf } from './ledger-fixture.ts';
import { TestServer } from './run-server.ts';

// Two servers and two clusters that sync to the disk, beside whatever else the machine does.
vi.setConfig({ testTimeout: 300_000 });

const dir = mkdtempSync(join(tmpdir(), 'recourse-failover-'));
const folders = { first: join(dir, 'first'), second: join(dir, 'second') };
let primary: EmbeddedPostgres;
let standby: Postmaster;
let standbyPort: number;
const servers: RunningServer[] = [];

/** Follows the first one, of which its folder is a copy. */
async function startStandby(primary: EmbeddedPostgres): Promise<Postmaster> {
  const cluster = join(folders.second, 'cluster');
  const { port, password } = new URL(primary.adminUrl);
  const conninfo = `host=127.0.0.1 port=${port} user=postgres password=${password}`;
  writeFileSync(join(cluster, 'standby.signal'), '');
  writeFileSync(join(cluster, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`);
  return startPostmaster({
    binaries: await findBinaries(),
    cluster,
    logFile: join(folders.second, 'postgres.log'),
    account: chooseAccount(cluster),
    settings: {
      port: String(standbyPort),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
    },
  });
}

async function asAdmin<T extends object>(url: string, statement: string): Promise<T[]> {
  const admin = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await admin.unsafe<T[]>(statement);
  } finally {
    await admin.end();
  }
}

const onPort = (url: string, port: number): string => Object.assign(new URL(url), { port }).href;

/** Both places, the one that will be the primary last. */
const both = (url: string): string => {
  const { port } = new URL(url);
  return `${url.replace(`:${port}`, `:${port},127.0.0.1:${standbyPort}`)}?target_session_attrs=read-write`;
};

beforeAll(async () => {
  const port = await workerPort();
  standbyPort = await workerPort();
  await (await startEmbeddedPostgres({ dataDir: folders.first, port })).stop();
  execFileSync('cp', ['-a', folders.first, folders.second]);
  primary = await startEmbeddedPostgres({ dataDir: folders.first, port });
  standby = await startStandby(primary);
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await Promise.allSettled([primary.stop(), standby.stop()]);
  rmSync(dir, { recursive: true });
});

async function start(): Promise<TestServer> {
  const dataDir = join(dir, 'data');
  const server = await startServer(
    readConfig({
      DATABASE_URL: both(primary.url),
      DATABASE_OWNER_URL: both(primary.ownerUrl),
      RECOURSE_DATA_DIR: dataDir,
      RECOURSE_PORT: String(await workerPort()),
      RECOURSE_ORIGIN: 'http://registry.test',
      RECOURSE_CONCURRENCY: '4',
    }),
    silentLog,
  );
  servers.push(server);
  return new TestServer(server, dataDir);
}

test('two servers follow a primary that dies to the standby that was promoted, and lose no answered call', async () => {
  const clients = [await start(), await start()];
  // What is answered from now on is on both.
  await asAdmin(primary.adminUrl, `alter system set synchronous_standby_names = '*'`);
  await asAdmin(primary.adminUrl, 'select pg_reload_conf()');
  const answered: string[] = [];
  const statuses = new Set<number>();
  const over = new AbortController();
  const load = clients.map(async (client, n) => {
    const key = client.party('Tubely', 'trust');
    for (let i = 0; !over.signal.aborted; i++) {
      const jti = `load-${n}-${String(i).padStart(6, '0')}-aaaaaaaaaaaa`;
      const { status } = await client.call(key, 'sanctions.list', {}, { jti });
      statuses.add(status);
      if (status === 200) answered.push(jti);
      else await delay(50);
    }
  });
  await eventually(
    async () => answered.length,
    (n) => n > 20,
  );
  const before = await checkpointOf(clients[0]!);

  process.kill(primary.pid, 'SIGQUIT');
  await primary.exited;
  const adminUrl = onPort(primary.adminUrl, standbyPort);
  await asAdmin(adminUrl, 'select pg_promote()');
  const then = answered.length;
  await eventually(
    async () => answered.length,
    (n) => n > then + 20,
  );
  over.abort();
  await Promise.all(load);

  expect(answered.length).toBeGreaterThan(then + 20);
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  const recourse = Object.assign(new URL(adminUrl), { pathname: '/recourse' }).href;
  const rows = await asAdmin<{ jti: string; n: number }>(
    recourse,
    `select jti, count(*)::int as n from audited_calls where jti like 'load-%' group by jti`,
  );
  const counts = new Map(rows.map(({ jti, n }) => [jti, n]));
  expect(answered.filter((jti) => counts.get(jti) !== 1)).toEqual([]);
  // The log goes on from what was signed before.
  const signed = () => checkpointOf(clients[1]!);
  const after = await eventually(signed, ({ size }) => size > before.size + 20);
  expect(after.size).toBeGreaterThan(before.size + 20);
  expect(servers.map(({ services }) => services.ledger.fault)).toEqual([undefined, undefined]);
});
