import { fork, type ChildProcess } from 'node:child_process';
import type { LoadJob, LoadResult, SlowJob } from './load.ts';

/** Runs one job in a generator process that ends with it. */
export async function runLoad(job: LoadJob | SlowJob): Promise<LoadResult> {
  const child = startChild(new URL('./generator.ts', import.meta.url));
  try {
    return await ask<LoadResult>(child, job);
  } finally {
    child.kill('SIGKILL');
  }
}

export function startChild(
  script: URL,
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): ChildProcess {
  return fork(script, {
    execArgv: ['--conditions=@recourse/source', ...flags],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
}

/** Sends one message and waits for the next one back. */
export function ask<T>(child: ChildProcess, message: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the process ended before it answered'));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as T);
    });
    child.send(message);
  });
}
