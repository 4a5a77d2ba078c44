import { fork, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import process from 'node:process';

/** A process of its own for what reads a whole log: one that runs out of memory ends alone. */
export interface BoundedProcess {
  readonly module: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly heapMb: number;
  readonly stdio: StdioOptions;
}

/** Its exit code, or what ended it. */
export type BoundedEnd = number | 'out-of-memory' | 'killed';

const heapOption = '--max-old-space-size';
/** Windows has no signals. */
const abortCode = 134;

/** Whether this process has a bound already: that of {@link startBounded}, or one of whoever started it. */
export const isBounded = (): boolean =>
  process.execArgv.some((option) => option.startsWith(heapOption));

/** Passes on the file by which Node believes the certificate of PostgreSQL, and nothing else. */
const trust = ({ NODE_EXTRA_CA_CERTS: file }: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  file === undefined ? {} : { NODE_EXTRA_CA_CERTS: file };

export function startBounded(bounded: BoundedProcess): ChildProcess {
  const conditions = extname(bounded.module) === '.ts' ? ['--conditions=@recourse/source'] : [];
  return fork(bounded.module, [...(bounded.args ?? [])], {
    execArgv: [...conditions, `${heapOption}=${bounded.heapMb}`],
    env: bounded.env ?? trust(process.env),
    stdio: bounded.stdio,
  });
}

/** Resolves when it has ended; V8 aborts where the heap is full. */
export async function endOf(child: ChildProcess): Promise<BoundedEnd> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const { exitCode, signalCode } = child;
  if (signalCode === 'SIGABRT' || exitCode === abortCode) return 'out-of-memory';
  return exitCode ?? 'killed';
}
