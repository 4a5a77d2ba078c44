import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect as dial, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { postgresAddresses } from '@recourse/registry';
import { workerPort } from '@recourse/testkit';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readConfig, startServer } from '../src/index.ts';
import { logInto } from './log-into.ts';
import { newHome, TestServer, type TestHome } from './run-server.ts';

vi.setConfig({ testTimeout: 300_000 });

let home: TestHome;
let place: HungPlace;
let lines: string[] = [];

beforeAll(async () => {
  home = await newHome();
  place = await HungPlace.open(home.database.url);
});
beforeEach(() => {
  lines = [];
});
afterAll(async () => {
  place.close();
  await home.close();
});

/** A place of PostgreSQL that takes connections and answers nothing, until it is thawed. */
class HungPlace {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  isHung = true;

  private constructor(url: string) {
    const { url: at, options } = postgresAddresses(url).places[0];
    const { hostname, port } = new URL(at);
    this.#server = createServer((socket) => {
      this.#sockets.add(socket.on('error', () => socket.destroy()));
      if (this.isHung) return;
      const to = options.path ? dial(options.path) : dial(Number(port || 5432), hostname);
      this.#sockets.add(to.on('error', () => socket.destroy()));
      socket.pipe(to).pipe(socket);
    });
  }

  static async open(url: string): Promise<HungPlace> {
    const place = new HungPlace(url);
    await once(place.#server.listen(await workerPort(), '127.0.0.1'), 'listening');
    return place;
  }

  get host(): string {
    const at = this.#server.address();
    return `127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
  }

  /** The same database, at a host that is dead and then here. */
  urlOf(url: string, database?: string): string {
    const { username, password, pathname } = new URL(postgresAddresses(url).places[0].url);
    const hosts = `127.0.0.1:1,${this.host}`;
    return `postgres://${username}:${password}@${hosts}${database ?? pathname}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

const startVia = async (more: Record<string, string>) => {
  const env = await home.environment({ RECOURSE_START_WAIT_SECONDS: '200', ...more });
  const starting = startServer(readConfig(env), logInto(lines));
  // Whoever waits for it meets what it threw.
  starting.catch(() => undefined);
  const url = `http://127.0.0.1:${env['RECOURSE_PORT']}`;
  const client = new TestServer(
    { url, origin: 'http://registry.test', stop: async () => undefined },
    home.dataDir,
  );
  return { starting, client, env };
};

const waits = () => lines.filter((line) => line.startsWith('WAITING'));
const atPlace = () => ({
  DATABASE_URL: place.urlOf(home.database.url),
  DATABASE_OWNER_URL: place.urlOf(home.database.ownerUrl),
});

test('a server that starts during a failover waits, says for which host, and starts once PostgreSQL answers', async () => {
  place.isHung = true;
  const { starting, client } = await startVia(atPlace());
  await expect.poll(() => waits().length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(waits()[0]).toMatch(
    new RegExp(
      `^WAITING for at most \\d+ s more\\. .*127\\.0\\.0\\.1:1 ECONNREFUSED, ${place.host} CONNECTION_LOST`,
    ),
  );
  expect(await client.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  const { status, body, headers } = await client.get('/readyz');
  expect([status, body.reasons[0].code, headers['retry-after']]).toEqual([503, 'starting', '2']);
  expect(body.reasons[0].text).toContain('waits for PostgreSQL');
  const call = await client.post('/call/sanctions.list', 'x');
  expect([call.status, call.headers['retry-after']]).toEqual([503, '5']);
  // A line now and then, not one for each attempt.
  expect(waits().length).toBeLessThan(4);
  place.isHung = false;
  const server = await starting;
  home.own(server);
  expect((await client.get('/readyz')).status).toBe(200);
});

test('a wrong password, a database that is not there, and one that does not come back in time, end the start', async () => {
  place.isHung = false;
  const missing = {
    DATABASE_URL: place.urlOf(home.database.url, '/nothing'),
    DATABASE_OWNER_URL: place.urlOf(home.database.ownerUrl, '/nothing'),
  };
  await expect((await startVia(missing)).starting).rejects.toMatchObject({
    code: 'database_refused',
    message: expect.stringContaining('docker/roles.sh') as string,
  });
  const wrong = (url: string): string => url.replace(/:[^:@]+@/, ':wrong@');
  const { DATABASE_URL, DATABASE_OWNER_URL } = atPlace();
  const guessed = {
    DATABASE_URL: wrong(DATABASE_URL),
    DATABASE_OWNER_URL: wrong(DATABASE_OWNER_URL),
  };
  await expect((await startVia(guessed)).starting).rejects.toMatchObject({
    code: 'database_refused',
    message: expect.stringContaining('does not let us in') as string,
  });
  expect(waits()).toEqual([]);
  place.isHung = true;
  const bounded = { ...atPlace(), RECOURSE_START_WAIT_SECONDS: '1' };
  await expect((await startVia(bounded)).starting).rejects.toMatchObject({
    code: 'database_unreachable',
  });
});

test('a shared folder that is not mounted yet is waited for by its name, and never made', async () => {
  const folder = join(home.dataDir, 'not-mounted');
  const { starting, client } = await startVia({ RECOURSE_CHECKPOINTS_DIR: folder });
  await expect.poll(() => waits().length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(waits()[0]).toContain(folder);
  const { status, body } = await client.get('/readyz');
  expect(status).toBe(503);
  expect(body.reasons[0].text).toContain('RECOURSE_CHECKPOINTS_DIR');
  mkdirSync(folder, { mode: 0o700 });
  home.own(await starting);
  expect((await client.get('/readyz')).status).toBe(200);
});

test('a process that waits stops in order at the first signal', async () => {
  place.isHung = true;
  const env = await home.environment({ ...atPlace(), RECOURSE_START_WAIT_SECONDS: '200' });
  const main = join(import.meta.dirname, '../src/main.ts');
  const child = spawn(process.execPath, ['--conditions=@recourse/source', main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  home.own({ stop: async () => void child.kill('SIGKILL') });
  let printed = '';
  child.stderr.on('data', (text) => (printed += String(text)));
  await expect.poll(() => printed, { timeout: 120_000 }).toContain('WAITING');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
