import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@recourse/server/embedded-postgres';
import { postgresBin, Program } from './programs.ts';

const run = promisify(execFile);
const account = 'postgres';
export const superuserPassword = 'super';

/** One PostgreSQL, and the Patroni that starts it. */
export interface PostgresNode {
  readonly name: string;
  readonly dir: string;
  readonly port: number;
  readonly api: number;
  readonly patroni: Program;
}

export async function nodeOf(
  folder: string,
  of: { name: string; etcdPort: number; synchronous: boolean },
): Promise<PostgresNode> {
  const dir = join(folder, of.name);
  mkdirSync(dir, { mode: 0o700 });
  const [port, api] = [await freePort(), await freePort()];
  const file = join(dir, 'patroni.json');
  // YAML has JSON in it.
  writeFileSync(file, JSON.stringify(settings({ ...of, dir, port, api }), null, 2), {
    mode: 0o600,
  });
  const { uid, gid } = await accountIds();
  for (const path of [dir, file]) chownSync(path, uid, gid);
  const logFile = join(folder, `${of.name}.log`);
  const patroni = new Program({
    command: '/usr/bin/patroni',
    args: [file],
    logFile,
    as: account,
    env: { LC_ALL: 'C.UTF-8', HOME: dir },
  });
  return { name: of.name, dir, port, api, patroni };
}

async function accountIds(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (what) => Number((await run('id', [what, account])).stdout)),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

/** As docs/operating.md has them, and faster: a failover within seconds. */
function settings(of: {
  name: string;
  dir: string;
  port: number;
  api: number;
  etcdPort: number;
  synchronous: boolean;
}): object {
  const { name, dir, port, api, etcdPort, synchronous } = of;
  return {
    scope: 'recourse',
    name,
    restapi: { listen: `127.0.0.1:${api}`, connect_address: `127.0.0.1:${api}` },
    etcd3: { hosts: [`127.0.0.1:${etcdPort}`] },
    bootstrap: {
      dcs: {
        ttl: 20,
        loop_wait: 2,
        retry_timeout: 4,
        maximum_lag_on_failover: synchronous ? 1_048_576 : 1_073_741_824,
        synchronous_mode: synchronous,
        postgresql: {
          use_pg_rewind: true,
          parameters: { max_connections: 200, shared_buffers: '128MB', wal_keep_size: '256MB' },
        },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums'],
    },
    postgresql: {
      listen: `127.0.0.1:${port}`,
      connect_address: `127.0.0.1:${port}`,
      data_dir: join(dir, 'data'),
      bin_dir: postgresBin,
      authentication: {
        superuser: { username: 'postgres', password: superuserPassword },
        replication: { username: 'replicator', password: 'replicator' },
        rewind: { username: 'rewind', password: 'rewind' },
      },
      pg_hba: [
        'local all all scram-sha-256',
        'host replication replicator 127.0.0.1/32 scram-sha-256',
        'host all all 127.0.0.1/32 scram-sha-256',
      ],
      parameters: { unix_socket_directories: dir },
    },
    watchdog: { mode: 'off' },
  };
}

/** @throws Error where it does not run */
export function postmasterOf(dir: string): number {
  return Number(readFileSync(join(dir, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
}

/** The postmaster, and what it started. */
export async function processesOf(postmaster: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(postmaster)]);
  const children = stdout.split('\n').filter((line) => line.trim() !== '');
  return [postmaster, ...children.map(Number)];
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // A backend that ended meanwhile
  }
}
