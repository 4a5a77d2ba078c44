import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export const postgresBin = '/usr/lib/postgresql/17/bin';

/** What the cluster is made of, and the Debian package of each. */
const programs: Readonly<Record<string, string>> = {
  [`${postgresBin}/postgres`]: 'postgresql-17',
  '/usr/bin/patroni': 'patroni',
  '/usr/bin/etcd': 'etcd-server',
  // Patroni asks etcd by it.
  '/usr/lib/python3/dist-packages/etcd/__init__.py': 'python3-etcd',
  '/usr/sbin/haproxy': 'haproxy',
};

/** Debian packages that are not installed. */
export const missingPackages = (): string[] =>
  Object.entries(programs).flatMap(([path, name]) => (existsSync(path) ? [] : [name]));

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** An account of this machine, instead of the own */
  readonly as?: string;
}

/** A process that ends with this one, and can be started again as it was. */
export class Program {
  readonly #launch: Launch;
  #child: ChildProcess | undefined;

  constructor(launch: Launch) {
    this.#launch = launch;
  }

  start(): void {
    const { command, args, logFile, env, as } = this.#launch;
    const log = openSync(logFile, 'a', 0o600);
    const account = as === undefined ? [] : [`--reuid=${as}`, `--regid=${as}`, '--init-groups'];
    this.#child = spawn(
      '/usr/bin/setpriv',
      ['--pdeathsig=KILL', ...account, '--', command, ...args],
      {
        env: { ...process.env, ...env },
        stdio: ['ignore', log, log],
      },
    );
    closeSync(log);
  }

  get isRunning(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    if (this.isRunning) this.#child?.kill(name);
  }

  /** Resolves when it is gone: killed, where it needs longer than it may. */
  async end(name: NodeJS.Signals = 'SIGTERM', withinMs = 30_000): Promise<void> {
    if (!this.#child || !this.isRunning) return;
    const gone = once(this.#child, 'exit');
    this.signal(name);
    const late = setTimeout(() => this.signal('SIGKILL'), withinMs);
    await gone;
    clearTimeout(late);
  }

  /** @throws ProgramEnded with its last lines, where it has ended by itself */
  assertRunning(): void {
    const { command, logFile } = this.#launch;
    if (this.isRunning) return;
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-12);
    throw new ProgramEnded(`${command} ended:\n${lines.join('\n')}`);
  }
}

/** What is waited for will not come. */
class ProgramEnded extends Error {}

/** Asks until it holds. @throws Error that names what did not come to be */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds = 60,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    if (await asked(holds)) return;
    await delay(200);
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

async function asked(holds: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await holds();
  } catch (error) {
    if (error instanceof ProgramEnded) throw error;
    return false;
  }
}
