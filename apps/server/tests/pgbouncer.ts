import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { workerPort } from '@recourse/testkit';
import { asAccount, chooseAccount } from '../src/postgres/account.ts';

/** Where Debian has it; a test of it runs where it is installed. */
const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find(
  (path) => spawnSync(path, ['--version']).status === 0,
);
export const hasPgbouncer = program !== undefined;

export interface Pgbouncer {
  /** The same database behind it */
  readonly behind: (url: string) => string;
  stop(): Promise<void>;
}

/** A PgBouncer in transaction mode with a few connections for all, which knows no prepared statements. */
export async function startPgbouncer(urls: readonly string[]): Promise<Pgbouncer> {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-pgbouncer-'));
  const port = await workerPort();
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: join(dir, 'users'),
    pool_mode: 'transaction',
    default_pool_size: 4,
    max_client_conn: 200,
    max_prepared_statements: 0,
  };
  const users = urls.map((url) => new URL(url));
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const database = `* = host=127.0.0.1 port=${users[0]?.port}`;
  writeFileSync(
    join(dir, 'ini'),
    ['[databases]', database, '[pgbouncer]', ...lines, ''].join('\n'),
  );
  writeFileSync(
    join(dir, 'users'),
    users.map(({ username, password }) => `"${username}" "${password}"\n`).join(''),
  );
  const account = chooseAccount(dir);
  if (account)
    for (const path of [dir, join(dir, 'ini'), join(dir, 'users')])
      chownSync(path, account.uid, account.gid);
  const launch = asAccount(program ?? '', [join(dir, 'ini')], account);
  const child = spawn(launch.command, launch.args, { ...launch.identity, stdio: 'ignore' });
  const exited = once(child, 'exit');
  await untilListening(port);
  return {
    behind: (url) => {
      const at = new URL(url);
      at.port = String(port);
      at.searchParams.set('pgbouncer', 'true');
      return at.href;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(dir, { recursive: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const socket = connect(port, '127.0.0.1');
    const [event] = await Promise.race([
      once(socket, 'connect').then(() => ['connect']),
      once(socket, 'error').then(() => ['error']),
    ]).catch(() => ['error']);
    socket.destroy();
    if (event === 'connect') return;
    await delay(50);
  }
  throw new Error('pgbouncer does not listen');
}
