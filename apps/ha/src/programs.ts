import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export const postgresBin = '/usr/lib/postgresql/17/bin';

/** Programs that run here beside Node, and the Debian package of each. */
const programs = {
  cluster: {
    [`${postgresBin}/postgres`]: 'postgresql-17',
    '/usr/bin/patroni': 'patroni',
    '/usr/bin/etcd': 'etcd-server',
    // Patroni asks etcd by it.
    '/usr/lib/python3/dist-packages/etcd/__init__.py': 'python3-etcd',
    '/usr/sbin/haproxy': 'haproxy',
  },
  pooler: { '/usr/sbin/pgbouncer': 'pgbouncer' },
  alerts: { '/usr/bin/prometheus': 'prometheus' },
} as const;
export type ProgramGroup = keyof typeof programs;

/** Debian packages that are not installed. */
export const missingPackages = (group: ProgramGroup): string[] =>
  Object.entries(programs[group]).flatMap(([path, name]) => (existsSync(path) ? [] : [name]));

/** Library that turns the clock of one program; undefined where the Debian package `faketime` is not installed. */
export const clockLibrary = (): string | undefined =>
  readdirSync('/usr/lib')
    .map((folder) => `/usr/lib/${folder}/faketime/libfaketime.so.1`)
    .find((path) => existsSync(path));

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** An account of this machine, instead of the own */
  readonly as?: string;
  /** Stands before the command: `ip netns exec …` */
  readonly enter?: readonly string[];
}

/** A process that ends with this one, and can be started again as it was. */
export class Program {
  readonly #launch: Launch;
  #child: ChildProcess | undefined;

  constructor(launch: Launch) {
    this.#launch = launch;
  }

  /** What is given here is of this start alone. */
  start(own: Pick<Launch, 'env'> & { args?: Launch['args'] } = {}): void {
    const { command, logFile, env, as, enter = [] } = this.#launch;
    const { args } = { ...this.#launch, ...own };
    const log = openSync(logFile, 'a', 0o600);
    const account = as === undefined ? [] : [`--reuid=${as}`, `--regid=${as}`, '--init-groups'];
    const tied = ['/usr/bin/setpriv', '--pdeathsig=KILL', ...account, '--', command, ...args];
    const [first = '', ...others] = [...enter, ...tied];
    this.#child = spawn(first, others, {
      env: { ...process.env, ...env, ...own.env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
  }

  get logFile(): string {
    return this.#launch.logFile;
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

/** PostgreSQL, Patroni or this machine did not do their part: nothing is shown of the registry. */
export class Unplayable extends Error {}

/** Asks until it holds. @throws Error that names what did not come to be */
export async function until(
  condition: string,
  holds: () => Promise<boolean> | boolean,
  seconds: number,
): Promise<void> {
  if (!(await holdsWithin(seconds, holds)))
    throw new Error(`not within ${seconds} s: ${condition}`);
}

/** The same of what is not the registry's. @throws Unplayable */
export async function untilCluster(
  condition: string,
  holds: () => Promise<boolean> | boolean,
): Promise<void> {
  if (!(await holdsWithin(300, holds))) throw new Unplayable(`not within 300 s: ${condition}`);
}

async function holdsWithin(
  seconds: number,
  holds: () => Promise<boolean> | boolean,
): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    if (await asked(holds)) return true;
    await delay(200);
  }
  return false;
}

async function asked(holds: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await holds();
  } catch (error) {
    if (error instanceof ProgramEnded) throw error;
    return false;
  }
}
