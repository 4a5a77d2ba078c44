import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  cpSync,
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
import { Program } from './programs.ts';
import {
  etcdVariables,
  patroniSettings,
  type NodePlace,
  type PatroniOptions,
} from './shipped-files.ts';

const run = promisify(execFile);
const account = 'postgres';

/** One machine: a PostgreSQL, the Patroni that starts it, and its etcd. */
export interface PostgresNode extends NodePlace {
  readonly dir: string;
  readonly patroni: Program;
  readonly etcd: Program;
  /** Undefined where this machine lets us make none */
  readonly disk?: Disk;
}

/** @param options `dir` is where machines have their folders, `tls` where the certificates are */
export async function nodeOf(
  place: NodePlace,
  { dir: folder, tls, ...options }: PatroniOptions,
): Promise<PostgresNode> {
  const { name, host } = place;
  const dir = join(folder, name);
  mkdirSync(dir, { mode: 0o700 });
  const disk = await Disk.mount(dir);
  const own = join(dir, 'tls');
  cpSync(join(tls, name), own, { recursive: true });
  const file = join(dir, 'patroni.json');
  const settings = patroniSettings(place, { ...options, dir, tls: own });
  // YAML has JSON in it.
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 });
  const certificates = readdirSync(own).map((one) => join(own, one));
  for (const path of [dir, own, ...certificates, file]) await giveToPostgres(path);
  const patroni = new Program({
    command: '/usr/bin/patroni',
    args: [file],
    logFile: join(folder, `${name}.log`),
    as: account,
    enter: host.enter,
    env: { LC_ALL: 'C.UTF-8', HOME: dir },
  });
  const { all } = options;
  const etcd = new Program({
    command: '/usr/bin/etcd',
    args: [],
    logFile: join(folder, `${name}-etcd.log`),
    enter: host.enter,
    // On another disk than PostgreSQL, which a fault fills
    env: etcdVariables(place, { all, dir: join(folder, `${name}-etcd`), tls: own }),
  });
  return { ...place, dir, patroni, etcd, ...(disk ? { disk } : {}) };
}

export async function giveToPostgres(path: string): Promise<void> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, account])).stdout)),
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
