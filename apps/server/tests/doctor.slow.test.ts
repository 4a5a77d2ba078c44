import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@recourse/registry';
import { sql } from 'kysely';
import { workerPort } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runDoctor } from '../src/doctor/run-doctor.ts';
import { readConfig, ServerError, startServer } from '../src/index.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

type Env = Record<string, string>;

interface Report {
  whole: boolean;
  run: string;
  since?: { entry: number; at: string; fullAt: string };
  kept: boolean;
  differences: { code: string; table?: string; id?: string; what?: string }[];
  counts: Record<string, number>;
  compared: { table: string; rows: number; entries: number }[];
}

async function doctor(env: Env, args = ['--ledger', '--json']) {
  let [said, progress] = ['', ''];
  const out = { write: (text: string) => void (said += text) };
  const exit = await runDoctor({
    env,
    args,
    out,
    progress: { write: (text) => void (progress += text) },
  });
  return { exit, said, progress, report: () => JSON.parse(said) as Report };
}

async function asOwner(url: string, ...statements: string[]): Promise<void> {
  const owner = connect({ url, connections: 1 });
  for (const statement of statements) await sql.raw(statement).execute(owner);
  await owner.destroy();
}

let home: TestHome;
let server: TestServer;
let env: Env;
beforeAll(async () => {
  home = await newHome();
  env = await home.environment();
  server = await home.start();
});
afterAll(() => home.close());

describe('on a sandbox that runs', () => {
  test('tables and log are one, also while it is used', async () => {
    const service = server.party('Harbour', 'service');
    const calls = Promise.all(
      Array.from({ length: 200 }, () => server.call(service, 'sanctions.list', {})),
    );
    for (let i = 0; i < 5; i++) {
      const { exit, report } = await doctor(env);
      expect(report().differences).toEqual([]);
      expect(exit).toBe(0);
    }
    await calls;
    const { report } = await doctor(env, ['--ledger', '--json', '--full']);
    const { whole, run, compared } = report();
    expect([whole, run]).toEqual([true, 'full']);
    const nothingIn = compared.filter(({ rows }) => rows === 0).map(({ table }) => table);
    expect(nothingIn).toEqual(
      expect.not.arrayContaining(['registry_facts', 'parties', 'keys', 'sanctions', 'audit']),
    );
  });

  test('people read a table, and what is read meanwhile', async () => {
    const { exit, said, progress } = await doctor(env, ['--ledger']);
    expect(exit).toBe(0);
    expect(said).toMatch(/^registry_facts +6 +5$/m);
    expect(said).toContain('Tables and log are one');
    expect(said).toMatch(
      /Compared: what entries from \d+ on speak of, since 2\S+Z\. Rows of other cases were not looked at since the last --full, 2\S+Z\.\n$/,
    );
    expect(progress).toContain('Reading ledger_entries: 100 %');
    const whole = await doctor(env, ['--ledger', '--full']);
    expect(whole.said).toMatch(/Tables and log are one.*\nCompared: everything \(full\)\.\n$/);
  });

  test('an edit of an old row is found by --full, and then by each run until it is mended', async () => {
    const shift = (seconds: number): Promise<void> =>
      asOwner(
        home.database.ownerUrl,
        `update sanctions set next_at = next_at + make_interval(secs => ${seconds}) where id = (
          select min(id) from sanctions where next_at is not null)`,
      );
    expect((await doctor(env)).exit).toBe(0);
    await shift(1);
    const daily = (await doctor(env)).report();
    expect(daily).toMatchObject({ whole: true, run: 'since', kept: true });
    for (const args of [['--full'], []]) {
      const { exit, report } = await doctor(env, ['--ledger', '--json', ...args]);
      const counts = { 'next-differs': 1 };
      expect([exit, report()]).toMatchObject([1, { counts, run: 'full', kept: false }]);
    }
    expect((await doctor(env, ['--ledger'])).said).toContain('the next run compares everything');
    await shift(-1);
    expect((await doctor(env)).report()).toMatchObject({ whole: true, run: 'full', kept: true });
  });

  test('rows of the registry itself are named, with what to do', async () => {
    const { ownerUrl } = home.database;
    const change = (sql: string): Promise<void> => asOwner(ownerUrl, sql);
    await change(`create table kept as select * from registry_facts`);
    await change(`delete from registry_facts where name = 'oprf-key:1'`);
    await change(
      `insert into registry_facts select 'registry-key:log:planted', value from kept where name ~ '^registry-key:log'`,
    );
    const { exit, report } = await doctor(env);
    expect(exit).toBe(1);
    expect(report().counts).toEqual({ 'row-not-logged': 1, 'entry-without-row': 1 });
    expect(report().differences).toMatchObject([
      { code: 'row-not-logged', table: 'registry_facts', id: 'registry-key:log:planted' },
      { code: 'entry-without-row', table: 'registry_facts', what: 'oprf-epoch' },
    ]);
    const run = await doctor(env, ['--ledger']);
    expect(run.said).toContain('row-not-logged  registry_facts  registry-key:log:planted');
    expect(run.said).toContain('restore the database from before');
    await change(`delete from registry_facts where name = 'registry-key:log:planted'`);
    await change(`insert into registry_facts select * from kept where name = 'oprf-key:1'`);
    await change(`drop table kept`);
    expect((await doctor(env)).exit).toBe(0);
  });
});

const codeOf = async (run: Promise<unknown>): Promise<string> => {
  try {
    await run;
    return 'ran';
  } catch (error) {
    if (error instanceof ServerError) return error.code;
    throw error;
  }
};

describe('it does not look', () => {
  test.each<[string, Env, string[], string]>([
    ['without --ledger', {}, [], 'config_invalid'],
    ['at what it does not know', {}, ['--ledger', '--all'], 'config_invalid'],
    ['at all of the timers', {}, ['--timers', '--full'], 'config_invalid'],
    [
      'without the vault key',
      { RECOURSE_VAULT_KEY_FILE: '/nowhere/vault.key' },
      ['--ledger'],
      'key_missing',
    ],
    [
      'where no PostgreSQL answers',
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' },
      ['--ledger'],
      'database_unreachable',
    ],
    ['where no database was made', { DATABASE_URL: '' }, ['--ledger'], 'database_unreachable'],
  ])('%s', async (...[, other, args, code]) => {
    expect(await codeOf(doctor({ ...env, ...other }, args))).toBe(code);
  });

  test('and makes no file on the way', async () => {
    const dir = join(home.dataDir, 'none');
    expect(await codeOf(doctor({ RECOURSE_DATA_DIR: dir }))).toBe('key_missing');
    expect(existsSync(dir)).toBe(false);
  });

  test('and its command ends with 2', () => {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const args = ['--conditions=@recourse/source', main, 'doctor', '--ledger'];
    const { status, stderr } = spawnSync(process.execPath, args, {
      env: { PATH: process.env['PATH'], RECOURSE_DATA_DIR: join(home.dataDir, 'none') },
      encoding: 'utf8',
    });
    expect([status, stderr.includes('(key_missing)')]).toEqual([2, true]);
  });
});

test('it uses the embedded PostgreSQL of a server that runs, and starts that of one that does not', async ({
  onTestFinished,
}) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'recourse-doctor-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const own = { RECOURSE_DATA_DIR: dataDir, RECOURSE_PORT: String(await workerPort()) };
  const running = await startServer(readConfig(own));
  onTestFinished(() => running.stop());
  const pidFile = join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
  expect((await doctor(own)).exit).toBe(0);
  expect(existsSync(pidFile)).toBe(true);
  await running.stop();
  expect(existsSync(pidFile)).toBe(false);
  expect((await doctor(own)).exit).toBe(0);
  expect(existsSync(pidFile)).toBe(false);
}, 60_000);
