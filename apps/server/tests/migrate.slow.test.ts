import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, schemaDigests, type Db } from '@recourse/registry';
import { workerPostgres, workerPort } from '@recourse/testkit';
import { sql } from 'kysely';
import { asAccount, chooseAccount } from '../src/postgres/account.ts';
import { startPostmaster } from '../src/postgres/postmaster.ts';
import { runMigrate } from '../src/run-migrate.ts';
import { DatabaseCopies, type DatabaseCopy } from './copy-database.ts';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';
import { logInto } from './log-into.ts';

/** Steps of this release, in the order of their numbers. */
const steps = Object.keys(schemaDigests());

const copies = new DatabaseCopies();
let home: TestHome;
let urls: DatabaseCopy;
let owner: Db;

beforeAll(async () => {
  home = await newHome();
  urls = await copies.makeEmpty(workerPostgres());
  owner = connect({ url: urls.DATABASE_OWNER_URL, connections: 1 });
});
afterAll(async () => {
  await home.close();
  await owner.destroy();
  await copies.drop();
});

async function migrated(...args: string[]): Promise<string> {
  let text = '';
  const out = { write: (more: string) => void (text += more) };
  const progress = { write: () => undefined };
  await runMigrate({ env: await home.environment(urls), args, out, progress });
  return text;
}

/** As production is started: with the login of the service role alone. */
async function start(lines: string[] = []): Promise<TestServer> {
  const env = { DATABASE_URL: urls.DATABASE_URL, DATABASE_OWNER_URL: '' };
  const production = {
    ...env,
    RECOURSE_MODE: 'production',
    RECOURSE_ORIGIN: 'https://registry.test',
  };
  const log = logInto(lines);
  return home.start(production, { log, args: ['--init'] });
}

const tables = async (): Promise<number> =>
  (
    await sql<{
      n: number;
    }>`select count(*)::int as n from pg_tables where schemaname = 'public'`.execute(owner)
  ).rows[0]?.n ?? Number.NaN;

test('production migrates by the owner alone, and starts without the password of the owner', async () => {
  await expect(start()).rejects.toMatchObject({ code: 'schema_missing' });
  expect(await migrated('--dry-run')).toMatch(/^-- 0001-initial: \d+ statements\ncreate function /);
  const { pending } = JSON.parse(await migrated('--dry-run', '--json')) as {
    pending: { name: string }[];
  };
  expect(pending.map(({ name }) => name)).toEqual(steps);
  expect(await tables()).toBe(0);

  expect(await migrated()).toBe(
    [...steps.map((name) => `Ran ${name}`), 'The schema is up to date.', ''].join('\n'),
  );
  expect(JSON.parse(await migrated('--json'))).toEqual({
    migrate: 'done',
    ran: [],
    newer: [],
    toContract: [],
  });
  expect(await migrated('--dry-run')).toBe('-- The schema is up to date.\n');
  await (await start()).stop();
});

test('a server starts on a schema one version newer, says so, and refuses two newer and an older one', async () => {
  await sql`insert into kysely_migration values ('9998-next', now()::text)`.execute(owner);
  const lines: string[] = [];
  await (await start(lines)).stop();
  expect(lines.join('\n')).toContain('one version newer than this server (9998-next)');
  expect(await migrated()).toBe('The schema is newer than this release: it has 9998-next.\n');

  await sql`insert into kysely_migration values ('9999-after', now()::text)`.execute(owner);
  await expect(start()).rejects.toMatchObject({ code: 'schema_too_new' });
  await expect(start()).rejects.toThrow('9998-next, 9999-after');

  await sql`delete from kysely_migration where name like '999%'`.execute(owner);
  await sql`comment on table kysely_migration is '{"0001-initial":"of an unreleased state"}'`.execute(
    owner,
  );
  await expect(start()).rejects.toMatchObject({ code: 'schema_foreign' });
  await expect(migrated()).rejects.toMatchObject({ code: 'schema_foreign' });
});

test('migrate gives up after --wait, says who holds the table and how to end that, and changes nothing', async () => {
  urls = await copies.makeEmpty(workerPostgres());
  const holder = connect({ url: urls.DATABASE_OWNER_URL, connections: 1 });
  await sql`create table kysely_migration (name varchar(255) primary key, timestamp varchar(255))`.execute(
    holder,
  );
  await holder.transaction().execute(async (held) => {
    await sql`lock table kysely_migration in share update exclusive mode`.execute(held);
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(held);
    const given = migrated('--wait', '0');
    await expect(given).rejects.toMatchObject({ code: 'schema_locked' });
    await expect(given).rejects.toThrow(`pid ${rows[0]?.pid} (recourse, for`);
    await expect(given).rejects.toThrow(`select pg_terminate_backend(${rows[0]?.pid})`);
  });
  const made = await sql`select to_regclass('sanctions') as made`.execute(holder);
  expect(made.rows).toEqual([{ made: null }]);
  await holder.destroy();
  await expect(migrated('--wait', 'long')).rejects.toMatchObject({ code: 'config_invalid' });
});

test('a database that is dropped under a server, and before a start, is named as missing', async () => {
  await migrated();
  const server = await start();
  const reasons = async (): Promise<string[]> => {
    const { body } = await server.get('/readyz');
    return (body as { reasons: { code: string }[] }).reasons.map(({ code }) => code);
  };
  await copies.drop();
  await expect.poll(reasons, { timeout: 30_000 }).toContain('database-missing');
  const answer = await server.get('/parties');
  expect([answer.status, codeOf(answer)]).toEqual([503, 'audit-unavailable']);
  await server.stop();
  await expect(start()).rejects.toMatchObject({ code: 'database_refused' });
  await expect(start()).rejects.toThrow('no database of that name');
});

const old = '/usr/lib/postgresql/15/bin';

test.runIf(existsSync(`${old}/initdb`))('an old PostgreSQL is refused by its version', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-old-'));
  const cluster = join(dir, 'cluster');
  const account = chooseAccount(cluster);
  if (account) chownSync(dir, account.uid, account.gid);
  const initdb = asAccount(
    `${old}/initdb`,
    ['-D', cluster, '-U', 'postgres', '--auth=trust', '--no-sync'],
    account,
  );
  execFileSync(initdb.command, initdb.args, {
    ...initdb.identity,
    stdio: 'ignore',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const port = await workerPort();
  const postmaster = await startPostmaster({
    binaries: { postgres: `${old}/postgres`, initdb: `${old}/initdb`, pgCtl: `${old}/pg_ctl` },
    cluster,
    logFile: join(dir, 'log'),
    account,
    settings: { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '' },
  });
  try {
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const env = { DATABASE_URL: url, DATABASE_OWNER_URL: url };
    const refused = home.start(env);
    await expect(refused).rejects.toMatchObject({ code: 'postgres_too_old' });
    await expect(refused).rejects.toThrow('PostgreSQL 15');
  } finally {
    await postmaster.stop();
    rmSync(dir, { recursive: true });
  }
});
