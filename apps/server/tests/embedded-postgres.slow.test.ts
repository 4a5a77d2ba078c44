import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresAddress } from '@recourse/registry';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type EmbeddedPostgres,
  runningPostgresUrl,
  startEmbeddedPostgres,
} from '../src/postgres/embedded-postgres.ts';
import { settleFormerPostmaster } from '../src/postgres/postmaster.ts';

let dataDir: string;
let running: EmbeddedPostgres[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'recourse-embedded-'));
});

afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  running = [];
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(steps: string[] = []): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, onProgress: (step) => steps.push(step) });
  running.push(server);
  return server;
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const at = postgresAddress(url);
  const sql = postgres(at.url, { ...at.options, max: 1, onnotice: () => undefined });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}

/** A zombie that nobody has collected yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('startEmbeddedPostgres', () => {
  test('the second start finds the data of the first and does not initialise again', async () => {
    const steps: string[] = [];
    const first = await start(steps);
    await query(first.ownerUrl, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start(steps);
    expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(steps.filter((step) => step === 'initialising')).toHaveLength(1);
  });

  test.runIf(process.platform === 'linux')(
    'stop leaves no process and may be called twice',
    async () => {
      const server = await start();
      await server.stop();
      await server.stop();
      await server.exited;
      expect(isAlive(server.pid)).toBe(false);
    },
  );

  test('a PostgreSQL that was killed starts again with what it had committed', async () => {
    const first = await start();
    await query(first.ownerUrl, 'create table kept as select 42 as answer');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const second = await start();
    expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test.runIf(process.platform !== 'win32')(
    'a process that a killed PostgreSQL left behind is waited for',
    async () => {
      const first = await start();
      const at = postgresAddress(first.ownerUrl);
      const sql = postgres(at.url, { ...at.options, max: 1 });
      const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      process.kill(row!.pid, 'SIGSTOP');
      process.kill(first.pid, 'SIGKILL');
      await first.exited;
      const [second] = await Promise.all([
        start(),
        sleep(500).then(() => process.kill(row!.pid, 'SIGCONT')),
      ]);
      expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await sql.end({ timeout: 1 });
    },
  );

  test.runIf(process.platform === 'linux')(
    'a server killed with SIGKILL takes its PostgreSQL with it, and the next start waits for that',
    async () => {
      const module = new URL('../src/postgres/embedded-postgres.ts', import.meta.url).href;
      const condition = ['--conditions=@recourse/source'];
      const program = `
        const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
        const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
        console.log(server.pid);`;
      const child = spawn(process.execPath, [...condition, '--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      child.kill('SIGKILL');
      await start();
      expect(isAlive(Number(line.toString()))).toBe(false);
    },
  );

  test('what a crash during initdb left behind is thrown away', async () => {
    mkdirSync(join(dataDir, 'cluster.new'));
    writeFileSync(join(dataDir, 'cluster.new', 'PG_VERSION'), '18');
    writeFileSync(join(dataDir, 'password.new'), 'left over');
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).toSorted()).toEqual(['cluster', 'postgres.log', 'roles.json']);
  });

  test('the log quotes neither statements nor values', async () => {
    const server = await start();
    await query(server.ownerUrl, 'create table t (token text primary key)');
    const insert = `insert into t values ('sensitive-token')`;
    await query(server.ownerUrl, insert);
    await expect(query(server.ownerUrl, insert)).rejects.toMatchObject({ code: '23505' });
    const log = readFileSync(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('sensitive-token');
  });

  test.runIf(process.platform !== 'win32')(
    'no port of the machine leads to it, and its account alone reaches its socket',
    async () => {
      const server = await start();
      const statement = `select current_setting('listen_addresses') as addresses, inet_server_port() as port`;
      expect(await query(server.adminUrl, statement)).toEqual([{ addresses: '', port: null }]);
      const cluster = join(dataDir, 'cluster');
      const modes = [cluster, join(cluster, '.s.PGSQL.5432')].map((path) => statSync(path).mode);
      expect(modes.map((mode) => mode & 0o077)).toEqual([0, 0]);
      expect(runningPostgresUrl(dataDir)).toBe(server.url);
      await expect(
        query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1'),
      ).rejects.toMatchObject({
        code: '28P01',
      });
    },
  );

  test('where the path is too long for a socket it listens on loopback alone', async () => {
    dataDir = join(dataDir, 'a-folder-with-a-long-name'.repeat(4));
    const server = await start();
    const statement = `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets`;
    expect(await query(server.adminUrl, statement)).toEqual([
      { addresses: '127.0.0.1', sockets: '' },
    ]);
    expect(runningPostgresUrl(dataDir)).toBe(server.url);
  });
});

describe('settleFormerPostmaster', () => {
  test('a live PostgreSQL of another server is not touched', async () => {
    const server = await start();
    const settling = settleFormerPostmaster(join(dataDir, 'cluster'), 100);
    await expect(settling).rejects.toMatchObject({ code: 'postgres_in_use' });
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test.runIf(process.platform === 'linux')(
    'a postmaster.pid whose number now belongs to another program does not prevent the start',
    async () => {
      const first = await start();
      await first.stop();
      writeFileSync(
        join(dataDir, 'cluster', 'postmaster.pid'),
        `${process.pid}\n${dataDir}/cluster\n`,
      );
      await start();
      expect(running).toHaveLength(2);
    },
  );
});
