import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { postmasterOf, processesOf, signal, type PostgresNode } from './postgres-node.ts';

const run = promisify(execFile);

/** As a machine that loses power: PostgreSQL, Patroni and etcd at once. */
export async function killMachine(node: PostgresNode): Promise<void> {
  await Promise.all([killPostgres(node), node.etcd.end('SIGKILL')]);
}

/** PostgreSQL and its Patroni alone; the etcd beside them goes on. */
export async function killPostgres({ patroni, dir }: PostgresNode): Promise<void> {
  // A backend outlives its postmaster for a while, and answers.
  const pids = await processesOf(postmasterOf(dir));
  for (const pid of pids) signal(pid, 'SIGKILL');
  await patroni.end('SIGKILL');
}

/** Starts those of its programs that do not run. */
export function startMachine({ patroni, etcd }: PostgresNode): void {
  for (const program of [etcd, patroni]) if (!program.isRunning) program.start();
}

/** It neither answers nor ends, as a machine that hangs. */
export async function freezeMachine({ patroni, etcd, dir }: PostgresNode): Promise<() => void> {
  const pids = await processesOf(postmasterOf(dir));
  for (const program of [patroni, etcd]) program.signal('SIGSTOP');
  for (const pid of pids) signal(pid, 'SIGSTOP');
  return () => {
    for (const pid of pids) signal(pid, 'SIGCONT');
    for (const program of [patroni, etcd]) program.signal('SIGCONT');
  };
}

/** Holds what standbys would receive: what is committed meanwhile is on the primary alone. @returns lets them go on without it */
export async function holdReplication(standbys: readonly PostgresNode[]): Promise<() => void> {
  const held: number[] = [];
  for (const { dir } of standbys) {
    for (const pid of await processesOf(postmasterOf(dir))) {
      const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]);
      if (stdout.includes('walreceiver')) held.push(pid);
    }
  }
  for (const pid of held) signal(pid, 'SIGSTOP');
  return () => {
    // Each ends before it reads what has arrived meanwhile.
    for (const pid of held) for (const name of ['SIGTERM', 'SIGCONT'] as const) signal(pid, name);
  };
}
