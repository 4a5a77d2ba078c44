import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@recourse/server/embedded-postgres';
import type { Host, Network } from './network.ts';
import { postgresBin, Program } from './programs.ts';

const run = promisify(execFile);
const account = 'postgres';
export const superuserPassword = 'super';

/** One PostgreSQL, and the Patroni that starts it. */
export interface PostgresNode {
  readonly name: string;
  readonly dir: string;
  readonly host: Host;
  readonly port: number;
  readonly api: number;
  readonly patroni: Program;
  /** Undefined where this machine lets us make none */
  readonly disk?: Disk;
}

interface NodeSettings {
  readonly name: string;
  readonly host: Host;
  readonly network: Network;
  readonly etcdPort: number;
  readonly synchronous: boolean;
}

export async function nodeOf(folder: string, of: NodeSettings): Promise<PostgresNode> {
  const dir = join(folder, of.name);
  mkdirSync(dir, { mode: 0o700 });
  const disk = await Disk.mount(dir);
  const [port, api] = [await freePort(), await freePort()];
  const file = join(dir, 'patroni.json');
  // YAML has JSON in it.
  writeFileSync(file, JSON.stringify(settings({ ...of, dir, port, api }), null, 2), {
    mode: 0o600,
  });
  for (const path of [dir, file]) await giveToPostgres(path);
  const patroni = new Program({
    command: '/usr/bin/patroni',
    args: [file],
    logFile: join(folder, `${of.name}.log`),
    as: account,
    enter: of.host.enter,
    env: { LC_ALL: 'C.UTF-8', HOME: dir },
  });
  return { name: of.name, dir, host: of.host, port, api, patroni, ...(disk ? { disk } : {}) };
}

export async function giveToPostgres(path: string): Promise<void> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (what) => Number((await run('id', [what, account])).stdout)),
  );
  chownSync(path, uid ?? 0, gid ?? 0);
}

/** A disk of its own in memory, which can be filled. */
export class Disk {
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async mount(dir: string): Promise<Disk | undefined> {
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=2g,mode=700', 'tmpfs', dir]);
      return new Disk(dir);
    } catch {
      return undefined;
    }
  }

  /** Leaves not one page; again and again, as PostgreSQL frees some. */
  fill(): void {
    const filler = join(this.#dir, 'filler');
    const { bavail, bsize } = statfsSync(this.#dir);
    for (let left = bavail * bsize; left > 0; left -= chunk.length) {
      try {
        appendFileSync(filler, left < chunk.length ? chunk.subarray(0, left) : chunk);
      } catch {
        return;
      }
    }
  }

  makeRoom(): void {
    rmSync(join(this.#dir, 'filler'), { force: true });
  }
}

/** Kills each PostgreSQL whose folder is in a scene below: a run that is stopped waits for none. */
export function killBelow(dir: string): void {
  for (const scene of readdirSync(dir))
    for (const name of readdirSync(join(dir, scene)).filter((one) => /^pg\d$/.test(one))) {
      const node = join(dir, scene, name);
      if (existsSync(join(node, 'data/postmaster.pid'))) signal(postmasterOf(node), 'SIGKILL');
    }
}

/** Takes the disks below a folder away. */
export async function unmountBelow(dir: string): Promise<void> {
  const paths = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${dir}/`));
  for (const path of paths) await run('umount', ['-l', path]);
}

const chunk = Buffer.alloc(1024 * 1024);

/** As docs/operating.md has them, and faster: a failover within seconds. */
function settings(of: NodeSettings & { dir: string; port: number; api: number }): object {
  const { name, dir, host, port, api, network, etcdPort, synchronous } = of;
  const at = (ofPort: number) => `${host.address}:${ofPort}`;
  return {
    scope: 'recourse',
    name,
    restapi: { listen: at(api), connect_address: at(api) },
    etcd3: { hosts: [`${network.consensus.address}:${etcdPort}`] },
    bootstrap: {
      dcs: {
        ttl: 20,
        loop_wait: 2,
        retry_timeout: 4,
        maximum_lag_on_failover: synchronous ? 1_048_576 : 1_073_741_824,
        synchronous_mode: synchronous,
        postgresql: {
          use_pg_rewind: true,
          parameters: {
            max_connections: 200,
            shared_buffers: '128MB',
            wal_keep_size: '256MB',
            max_wal_size: '256MB',
          },
        },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums'],
    },
    postgresql: {
      listen: at(port),
      connect_address: at(port),
      data_dir: join(dir, 'data'),
      bin_dir: postgresBin,
      authentication: {
        superuser: { username: 'postgres', password: superuserPassword },
        replication: { username: 'replicator', password: 'replicator' },
        rewind: { username: 'rewind', password: 'rewind' },
      },
      pg_hba: [
        'local all all scram-sha-256',
        `host replication replicator ${network.range} scram-sha-256`,
        `host all all ${network.range} scram-sha-256`,
      ],
      parameters: { unix_socket_directories: dir },
    },
    watchdog: { mode: 'off' },
  };
}

/** What the three agree by. */
export function etcdOf(
  dir: string,
  { host, client, peer }: { host: Host; client: number; peer: number },
): Program {
  const at = `http://${host.address}:${client}`;
  const peers = `http://${host.address}:${peer}`;
  const flags: Record<string, string> = {
    name: 'etcd',
    'data-dir': join(dir, 'etcd'),
    'log-level': 'warn',
    'listen-client-urls': at,
    'advertise-client-urls': at,
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `etcd=${peers}`,
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  return new Program({ command: '/usr/bin/etcd', args, logFile: join(dir, 'etcd.log') });
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
