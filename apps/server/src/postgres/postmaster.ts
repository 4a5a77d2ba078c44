import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerError } from '../errors.ts';
import { type Account, asAccount } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';

/** Options of a postmaster: its programs, its cluster (PGDATA), its log file and the account when we are root. */
export interface PostmasterOptions {
  binaries: PostgresBinaries;
  cluster: string;
  logFile: string;
  account: Account | undefined;
  settings: Record<string, string>;
}

/** A running postmaster. `exited` resolves when the process is gone, whoever ended it. */
export interface Postmaster {
  pid: number;
  exited: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the postmaster and returns when it accepts connections; throws `postgres_start_failed` with the log's tail. The
 * processes of one that was killed hold its shared memory until they notice: they are waited for.
 */
export async function startPostmaster(
  options: PostmasterOptions,
  waitMs = 15_000,
): Promise<Postmaster> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const started = await launch(options);
    if (!('tail' in started)) return started;
    if (!/shared memory block .* is still in use/.test(started.tail) || Date.now() > deadline) {
      throw new ServerError(
        'postgres_start_failed',
        `PostgreSQL did not start (${options.logFile}):\n${started.tail}`,
      );
    }
    await sleep(100);
  }
}

/** One attempt. @returns what it logged when it did not come to accept connections */
async function launch(options: PostmasterOptions): Promise<Postmaster | { tail: string }> {
  const { logFile } = options;
  const logStart = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const child = spawnPostmaster(options);
  const exited = exit(child);
  const interrupt = (): boolean => child.kill('SIGINT');
  process.once('exit', interrupt);
  void exited.then(() => process.off('exit', interrupt));
  if (await ready(child, options.cluster)) {
    return { pid: child.pid ?? 0, exited, stop: () => stopChild(child, options) };
  }
  await stopChild(child, options);
  return { tail: readFileSync(logFile).subarray(logStart).toString('utf8').slice(-2000) };
}

function spawnPostmaster(options: PostmasterOptions): ChildProcess {
  const flags = Object.entries(options.settings).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const { postgres } = options.binaries;
  const { command, args, identity } = asAccount(
    postgres,
    ['-D', options.cluster, ...flags],
    options.account,
  );
  const log = openSync(options.logFile, 'a', 0o600);
  // Its own process group: a Ctrl-C in the terminal must reach the server first, which still has calls to finish.
  const child = spawn(command, args, {
    ...identity,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, LC_ALL: 'C' },
  });
  closeSync(log);
  return child;
}

/**
 * Deals with the postmaster.pid of an earlier life. A PostgreSQL that is shutting down because its parent was killed is
 * waited for; a live one belongs to another server and is left alone (`postgres_in_use`); a file without a PostgreSQL
 * behind it is removed, since PostgreSQL refuses to start when the pid meanwhile belongs to something else.
 */
export async function settleFormerPostmaster(cluster: string, waitMs = 15_000): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const pid = recordedPid(cluster);
    if (pid === undefined) return;
    if (!isPostgres(pid)) return rmSync(join(cluster, 'postmaster.pid'), { force: true });
    if (Date.now() > deadline) {
      throw new ServerError(
        'postgres_in_use',
        `Process ${pid} already runs a PostgreSQL on ${cluster}: stop the server that started it, or end that process.`,
      );
    }
    await sleep(50);
  }
}

/** Where a PostgreSQL accepts connections on a cluster, whoever started it; none when none does. */
export function runningPlace(cluster: string): PostgresPlace | undefined {
  const pid = recordedPid(cluster);
  if (pid === undefined || !isPostgres(pid)) return undefined;
  const lines = pidFile(cluster).map((line) => line.trim());
  const port = Number(lines[3]);
  if (lines[7] !== 'ready' || !Number.isInteger(port)) return undefined;
  return lines[4] ? { folder: cluster } : { port };
}

/** The folder of its socket, or its port on 127.0.0.1. */
export type PostgresPlace = { readonly folder: string } | { readonly port: number };

function exit(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

/** postmaster.pid holds the pid in its first line and `ready` in its eighth once connections are accepted. */
async function ready(child: ChildProcess, cluster: string): Promise<boolean> {
  const deadline = Date.now() + 120_000;
  while (child.pid !== undefined && isRunning(child) && Date.now() < deadline) {
    const lines = pidFile(cluster);
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return true;
    await sleep(20);
  }
  return false;
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Fast shutdown, then immediate (recovery at the next start), then SIGKILL: a stop always ends. */
async function stopChild(child: ChildProcess, options: PostmasterOptions): Promise<void> {
  if (child.pid === undefined) return;
  if (process.platform === 'win32' && isRunning(child)) {
    spawn(options.binaries.pgCtl, ['stop', '-D', options.cluster, '-m', 'fast']);
  }
  for (const [signal, waitMs] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!isRunning(child)) return;
    if (process.platform !== 'win32') child.kill(signal);
    await Promise.race([exit(child), sleep(waitMs, undefined, { ref: false })]);
  }
}

function pidFile(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function recordedPid(cluster: string): number | undefined {
  const pid = Number(pidFile(cluster)[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** Whether the pid is alive and, where /proc can say, a PostgreSQL. A zombie holds nothing any more. */
function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    const [, name, state] =
      /^\d+ \((.*)\) (.)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name === 'postgres' && state !== 'Z';
  } catch {
    return false;
  }
}
