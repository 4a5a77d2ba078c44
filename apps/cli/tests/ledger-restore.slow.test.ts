import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { utf8 } from '@recourse/protocol';
import { readConfig, startServer } from '@recourse/server';
import { spawn } from 'node:child_process';
import { asAdmin, bareEnvironment, workerPostgres } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LedgerFixture } from './ledger-fixture.ts';
import type { Run } from './in-process.ts';
import { finished, Sandbox } from './sandbox.ts';
import { logFiles } from './static-log.ts';

// Each act is a process of its own.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let sandbox: Sandbox;
let ledger: LedgerFixture;
beforeAll(async () => {
  sandbox = await Sandbox.start();
  ledger = await LedgerFixture.of(sandbox);
});
afterAll(() => sandbox.stop());

const databaseName = (): string => new URL(sandbox.database.url).pathname.slice(1);

/** A copy of the database of a server that runs: its sessions are cut, and come back. */
async function dump(): Promise<string> {
  const [from, to] = [databaseName(), `recourse_${randomBytes(8).toString('hex')}`];
  for (;;) {
    try {
      await asAdmin(workerPostgres().adminUrl, [
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`,
        `create database ${to} template ${from} owner recourse_owner`,
        `grant connect on database ${to} to recourse_service`,
      ]);
      return to;
    } catch {
      await delay(50);
    }
  }
}

const restore = (copy: string): Promise<void> =>
  asAdmin(workerPostgres().adminUrl, [
    `drop database ${databaseName()} with (force)`,
    `alter database ${copy} rename to ${databaseName()}`,
  ]);

/**
 * The files that the log of a registry served, which is stopped: while it runs it logs of its own accord, and a copy that
 * it served may end before what it signs last.
 */
async function copyLog(folder: string): Promise<void> {
  const checkpoint = readFileSync(join(sandbox.dataDir, 'checkpoint'));
  const size = Number(checkpoint.toString().split('\n')[1]);
  const rows = await sandbox.sql<{ entry: string }[]>`
    select entry from ledger_entries where index < ${size} order by index`;
  const files = logFiles(rows.map(({ entry }) => utf8(entry)));
  for (const [path, bytes] of files.set('checkpoint', checkpoint)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

const environment = (): Record<string, string> => ({
  RECOURSE_PORT: new URL(sandbox.server.url).port,
  RECOURSE_ORIGIN: sandbox.server.origin,
  RECOURSE_DATA_DIR: sandbox.dataDir,
  DATABASE_URL: sandbox.database.url,
  DATABASE_OWNER_URL: sandbox.database.ownerUrl,
});

const serverMain = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));

const serverRun = (...args: string[]): Promise<Run> =>
  finished(
    spawn(process.execPath, ['--conditions=@recourse/source', serverMain, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...bareEnvironment(), ...environment() },
    }),
  );

const recoverFrom = (source: string): Promise<Run> => serverRun('recover', '--log', source);

async function restart() {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const log = { progress: say, warn: say, alarm: say, fault: () => undefined };
  const server = await startServer(readConfig(environment()), log);
  return { said: lines, server };
}

test('after an old copy of the database was restored, the log is whole to whoever verified it before', async () => {
  const reversed = await ledger.tell(1);
  await ledger.tell(2);
  const old = await dump();
  await ledger.recall(reversed.sanction);
  await ledger.signed();
  expect((await ledger.verify('before.json')).code).toBe(0);
  const folder = sandbox.file('mirror');
  await sandbox.server.stop();
  // As a mirror keeps it: the folder is taken as it is.
  await copyLog(join(folder, 'ledger'));
  await restore(old);

  const recovering = await restart();
  await recovering.server.stop();
  expect(recovering.said.some((line) => line.includes('(rolled-back)'))).toBe(true);
  expect(recovering.said.some((line) => line.includes('recover --log'))).toBe(true);

  const nowhere = await recoverFrom(sandbox.file('nowhere'));
  expect([nowhere.code, nowhere.stderr.includes('(copy-incomplete)')]).toEqual([1, true]);
  const run = await recoverFrom(folder);
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toMatch(/\d+ differences between tables and log stay/);
  const doctor = await serverRun('doctor', '--ledger', '--full', '--json');
  expect([doctor.code, JSON.parse(doctor.stdout)]).toMatchObject([0, { whole: true }]);

  const { server, said } = await restart();
  try {
    expect(said.filter((line) => line.startsWith('RECOVERING'))).toEqual([]);
    await ledger.signed();
    const verified = await ledger.verify('before.json');
    expect([verified.code, verified.stderr]).toEqual([0, '']);
    const { types, recalls } = JSON.parse(verified.stdout) as { types: object; recalls: object };
    expect(types).toMatchObject({ restored: 1 });
    expect(recalls).toMatchObject({ issued: 1, acknowledged: 1, open: 0 });
    expect((await ledger.check(1)).matches).toEqual([]);
    expect((await ledger.check(2)).matches).toHaveLength(1);
    expect((await ledger.verify('anew.json')).code).toBe(0);
  } finally {
    await server.stop();
  }
});
