import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { connect } from '@recourse/registry';
import { workerPostgres } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runBackup, runRestore } from '../src/backup/run.ts';
import { runDoctor } from '../src/doctor/run-doctor.ts';
import { readConfig, silentLog } from '../src/index.ts';
import { recover } from '../src/recover/recover.ts';
import { DatabaseCopies, type DatabaseCopy } from './copy-database.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

// Each server reads and writes a whole registry.
vi.setConfig({ testTimeout: 300_000 });

const copies = new DatabaseCopies();
let home: TestHome;
let server: TestServer;
/** Of the registry that was restored last, and went on */
let goesOn: DatabaseCopy;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(async () => {
  await home.close();
  await copies.drop();
});

const folder = (name: string): string => join(home.dataDir, 'backups', name);

/** Runs a command as the process does. @returns what it prints as JSON */
async function run(
  command: typeof runBackup,
  { into, urls = {} }: { into: string; urls?: Partial<DatabaseCopy> },
): Promise<Record<string, unknown>> {
  let text = '';
  const out = { write: (more: string) => void (text += more) };
  await command({ env: await home.environment(urls), args: [folder(into), '--json'], out });
  return JSON.parse(text) as Record<string, unknown>;
}

const list = async (at: TestServer): Promise<unknown> =>
  (await at.call(at.party('Harbour', 'trust'), 'sanctions.list', {})).body.result;

async function doctor(urls: Partial<DatabaseCopy>): Promise<number> {
  const quiet = { write: () => undefined };
  const env = await home.environment(urls);
  return runDoctor({ env, args: ['--ledger'], out: quiet, progress: quiet });
}

test('a backup beside calls is whole, and restored it is the registry that it was', async () => {
  const calls = Array.from({ length: 20 }, () => list(server));
  const early = await run(runBackup, { into: 'early' });
  await Promise.all(calls);
  const before = await list(server);
  await server.stop();
  const late = await run(runBackup, { into: 'late' });
  expect(Number(late['size'])).toBeGreaterThan(Number(early['size']));

  const empty = await copies.makeEmpty(workerPostgres());
  const restored = await run(runRestore, { into: 'late', urls: empty });
  expect(restored).toMatchObject({ log: 'whole', rows: late['rows'], size: late['size'] });
  expect(await doctor(empty)).toBe(0);
  await expect(run(runRestore, { into: 'late', urls: empty })).rejects.toMatchObject({
    code: 'database_not_empty',
  });
  goesOn = empty;
  const again = await home.start(goesOn);
  expect(await list(again)).toEqual(before);
  await again.stop();
});

test('an older backup says that the log goes on, and the log of a newer one recovers it', async () => {
  const urls = await copies.makeEmpty(workerPostgres());
  expect(await run(runRestore, { into: 'early', urls })).toMatchObject({ log: 'behind' });
  await run(runBackup, { into: 'newest', urls: goesOn });
  const config = readConfig(await home.environment(urls));
  const { from, to } = await recover(config, join(folder('newest'), 'ledger'), silentLog);
  expect(to).toBeGreaterThan(from);
});

test('a restore that is killed half-way leaves nothing, and the same command then finishes', async () => {
  const urls = await copies.makeEmpty(workerPostgres());
  const env = { ...process.env, ...(await home.environment(urls)) };
  const main = join(import.meta.dirname, '../src/main.ts');
  const args = ['--conditions=@recourse/source', main, 'restore', folder('late')];
  const child = spawn(process.execPath, args, { env, stdio: 'pipe' });
  const exited = once(child, 'exit');
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      if (String(text).includes('Restoring')) child.kill('SIGKILL');
    });
  expect(await exited).toEqual([null, 'SIGKILL']);

  const db = connect({ url: urls.DATABASE_OWNER_URL, connections: 1 });
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from audited_calls`.execute(
    db,
  );
  await db.destroy();
  expect(rows).toEqual([{ n: 0 }]);
  const restored = await run(runRestore, { into: 'late', urls });
  expect(restored).toMatchObject({ restored: folder('late') });
});

test('no key is in it, and a damaged file is named', async () => {
  const files = readdirSync(folder('late'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  const keys = readdirSync(join(home.dataDir, 'keys')).map((name) => {
    const text = readFileSync(join(home.dataDir, 'keys', name), 'utf8').trim();
    return text.startsWith('{') ? (JSON.parse(text) as { d: string }).d : text;
  });
  expect(keys.length).toBeGreaterThan(4);
  for (const file of files) for (const key of keys) expect(file.includes(key)).toBe(false);

  const table = join(folder('late'), 'tables/audit_groups.copy.gz');
  const bytes = readFileSync(table);
  bytes[100]! ^= 1;
  writeFileSync(table, bytes);
  const urls = await copies.makeEmpty(workerPostgres());
  const refused = run(runRestore, { into: 'late', urls });
  await expect(refused).rejects.toMatchObject({ code: 'backup_damaged' });
  await expect(refused).rejects.toThrow('audit_groups.copy.gz');
  await expect(run(runBackup, { into: 'late' })).rejects.toMatchObject({
    code: 'folder_not_empty',
  });
});
