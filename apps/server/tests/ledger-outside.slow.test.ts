import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeCheckpoint, signNote } from '@recourse/ledger';
import { signerFromJwk, type PrivateJwk } from '@recourse/protocol';
import { connect, newestCheckpoint, readState } from '@recourse/registry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfig, silentLog } from '../src/index.ts';
import { logNoteSigner } from '../src/ledger/log-signer.ts';
import { recover } from '../src/recover/recover.ts';
import { DatabaseCopies } from './copy-database.ts';
import { eventually, settled } from './eventually.ts';
import { checkpointOf } from './ledger-fixture.ts';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';
import { logInto } from './log-into.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let home: TestHome;
let dirs: string;
const copies = new DatabaseCopies();
beforeAll(async () => {
  home = await newHome();
  dirs = mkdtempSync(join(tmpdir(), 'recourse-outside-'));
  await (await home.start()).stop();
});
afterAll(async () => {
  await home.close();
  await copies.drop();
  rmSync(dirs, { recursive: true });
});

interface StartedServer {
  readonly server: TestServer;
  readonly dataDir: string;
  readonly said: string[];
}

let started: StartedServer[] = [];
let shared: string;
beforeEach(() => {
  shared = mkdtempSync(join(dirs, 'shared-'));
});
afterEach(async () => {
  for (const { server } of started) await server.stop();
  started = [];
});

/** A machine of its own: the keys, and nothing that was signed. Its own witnesses know nothing either. */
function machine(): string {
  const dir = mkdtempSync(join(dirs, 'machine-'));
  for (const name of ['keys', 'sandbox.json', 'sandbox.seed', 'clock.json', 'roles.json']) {
    if (readdirSync(home.dataDir).includes(name)) {
      cpSync(join(home.dataDir, name), join(dir, name), { recursive: true });
    }
  }
  return dir;
}

async function start(dataDir: string, env: Record<string, string> = {}): Promise<StartedServer> {
  const lines: string[] = [];
  const log = logInto(lines);
  const server = await home.start({ RECOURSE_DATA_DIR: dataDir, ...env }, { log });
  const running = { server, dataDir, said: lines };
  started.push(running);
  return running;
}

const call = ({ server }: StartedServer) =>
  server.call(server.party('Harbour', 'service'), 'sanctions.list', {});

/** A call, and the size of the checkpoint that covers it. */
async function grown(running: StartedServer): Promise<number> {
  const { size } = await checkpointOf(running.server);
  expect((await call(running)).status).toBe(200);
  const grew = await eventually(
    () => checkpointOf(running.server),
    (checkpoint) => checkpoint.size > size,
  );
  return grew.size;
}

const kept = ({ dataDir }: StartedServer): string =>
  readFileSync(join(dataDir, 'checkpoint'), 'utf8');
const keptSize = (running: StartedServer): number => Number(kept(running).split('\n')[1]);
const keeps = (running: StartedServer, size: number): Promise<number> =>
  eventually(
    async () => keptSize(running),
    (found) => found >= size,
  );

const faultOf = ({ said }: StartedServer): string | undefined => {
  const line = said.find((one) => one.startsWith('RECOVERING'));
  return line && /\(([a-z-]+)/.exec(line)?.[1];
};
const stops = (running: StartedServer): Promise<string | undefined> =>
  eventually(
    async () => faultOf(running),
    (fault) => fault !== undefined,
  );

/** Where the log in a database ends, and what of it was signed. */
async function logIn(url: string): Promise<{ size: number; signed: number }> {
  const db = connect({ url, connections: 1 });
  const { size } = await readState(db);
  const signed = (await newestCheckpoint(db))?.size ?? 0;
  await db.destroy();
  return { size, signed };
}

async function expectNothingSigned(running: StartedServer): Promise<void> {
  const refused = await call(running);
  expect([refused.status, codeOf(refused)]).toEqual([503, 'recovering']);
}

describe('a twin', () => {
  test('that signed nothing itself and is started on a restored dump refuses to answer', async () => {
    const a = await start(home.dataDir);
    const b = await start(machine());
    const old = await copies.make(home.database);
    await eventually(
      () => call(a).then(({ status }) => status),
      (status) => status === 200,
    );
    await b.server.stop();
    const size = await grown(a);
    const again = await start(b.dataDir);
    await keeps(again, size);
    for (const { server } of started) await server.stop();
    const restored = await start(b.dataDir, old);
    expect(faultOf(restored)).toBe('rolled-back');
    await expectNothingSigned(restored);
    expect(keptSize(restored)).toBeGreaterThanOrEqual(size);
  });

  test('on a new machine is told by the folder that all servers share', async () => {
    const env = { RECOURSE_CHECKPOINTS_DIR: shared };
    const a = await start(home.dataDir, env);
    const b = await start(machine(), env);
    const old = await copies.make(home.database);
    await eventually(
      () => call(a).then(({ status }) => status),
      (status) => status === 200,
    );
    const size = await grown(b);
    await keeps(a, size);
    for (const { server } of started) await server.stop();
    const files = readdirSync(shared);
    expect(files).toContain(`checkpoint-${keptSize(a)}`);
    expect(files.every((name) => /^(checkpoint-\d+|ledger)$/.test(name))).toBe(true);
    const fresh = await start(machine(), { ...env, ...old });
    expect(faultOf(fresh)).toBe('rolled-back');
    await expectNothingSigned(fresh);
    await fresh.server.stop();
    expect(readdirSync(shared)).toEqual(files);
  });
});

describe('a checkpoint of another history in the shared folder', () => {
  async function signedBy(size: number): Promise<string> {
    const jwk = JSON.parse(
      readFileSync(join(home.dataDir, 'keys/log.jwk.json'), 'utf8'),
    ) as PrivateJwk;
    const signer = logNoteSigner(await signerFromJwk(jwk), 'http://registry.test');
    const root = new Uint8Array(32).fill(7);
    const text = encodeCheckpoint({ origin: signer.key.name, size, root, extensions: [] });
    return signNote(text, [signer]);
  }

  test.each([
    ['larger than the log', 1_000_000, 'rolled-back'],
    ['smaller', 3, 'forked'],
  ])('that is %s stops every server, and stays', async (_, size, fault) => {
    const env = { RECOURSE_CHECKPOINTS_DIR: shared };
    const servers = [await start(home.dataDir, env), await start(machine(), env)];
    await grown(servers[0]!);
    const path = join(shared, `checkpoint-${size}`);
    const note = await signedBy(size);
    writeFileSync(path, note);
    for (const server of servers) expect(await stops(server)).toBe(fault);
    for (const server of servers) await expectNothingSigned(server);
    expect(readFileSync(path, 'utf8')).toBe(note);
  });
});

test('a shared folder that is not there stops the start, and is not made', async () => {
  const env = { RECOURSE_CHECKPOINTS_DIR: join(dirs, 'not-mounted') };
  await expect(start(home.dataDir, env)).rejects.toMatchObject({
    code: 'checkpoints_dir_unusable',
  });
  mkdirSync(join(dirs, 'not-mounted'));
  const { said } = await start(home.dataDir, env);
  expect(said.some((line) => line.startsWith('RECOVERING'))).toBe(false);
});

// The last: what was signed here is lost.
describe('when a standby that lacked the last commits is promoted under two servers', () => {
  test('the log stops at both, never forks, and no copy outside is overwritten; it is recovered from the folder', async () => {
    const env = { RECOURSE_CHECKPOINTS_DIR: shared };
    const a = await start(home.dataDir, env);
    const b = await start(machine(), env);
    await grown(a);
    const old = await copies.make(home.database);
    const before = await logIn(old.DATABASE_OWNER_URL);
    await eventually(
      () => call(a).then(({ status }) => status),
      (status) => status === 200,
    );
    const size = await grown(a);
    await keeps(a, size);
    expect(await keeps(b, size)).toBeGreaterThanOrEqual(size);
    const outside = JSON.parse(await settled(() => JSON.stringify([kept(a), kept(b)]))) as string[];
    await copies.promote(old, home.database);
    // Traffic goes on.
    const calling = [a, b].map(async (one) => {
      while (faultOf(one) === undefined) await Promise.all([call(one), delay(20)]);
    });
    expect([await stops(a), await stops(b)]).toEqual(['rolled-back', 'rolled-back']);
    await Promise.all(calling);
    for (const running of [a, b]) await expectNothingSigned(running);
    await delay(1_500);
    for (const running of [a, b]) await running.server.stop();
    expect([kept(a), kept(b)]).toEqual(outside);
    // Not grown either: an old copy that grew could not be brought up to date.
    expect(await logIn(home.database.ownerUrl)).toEqual(before);

    const config = readConfig(await home.environment(env));
    const { from, to } = await recover(config, shared, silentLog);
    expect([from, to]).toEqual([before.size, keptSize(a)]);
    const again = await start(home.dataDir, env);
    expect(faultOf(again)).toBeUndefined();
    expect(await grown(again)).toBeGreaterThan(to);
  });
});
