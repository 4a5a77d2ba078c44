import { RecourseError, type RecourseErrorCode, type Issue } from '@recourse/sdk';
import type { OpenPerson } from '../identity/person.ts';
import { clockOffset } from '../identity/clock.ts';
import type { TaskArguments, TaskResult, TokenTask } from './token-tasks.ts';

export interface TaskRequest {
  readonly task: string;
  readonly person: OpenPerson;
  readonly clockOffset: number;
  readonly args: readonly unknown[];
}

export interface TaskAnswer {
  readonly result?: unknown;
  readonly failed?: string;
  readonly refused?: {
    readonly code: RecourseErrorCode;
    readonly status: number | undefined;
    readonly retryAfterSeconds: number | undefined;
    readonly issues: readonly Issue[];
  };
}

let worker: { readonly kid: string; readonly thread: Worker } | undefined;

function threadOf({ kid }: OpenPerson): Worker {
  if (worker?.kid !== kid) {
    worker?.thread.terminate();
    const thread = new Worker(new URL('./tokens.worker.ts', import.meta.url), { type: 'module' });
    worker = { kid, thread };
  }
  return worker.thread;
}

/** Ends the thread, and the keys that it holds. For the lock. */
export function endTokenWorker(): void {
  worker?.thread.terminate();
  worker = undefined;
}

/** Runs a task beside the page, with the keys of this person. */
export async function withTokens<N extends TokenTask>(
  person: OpenPerson,
  task: N,
  ...args: TaskArguments<N>
): Promise<TaskResult<N>> {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<TaskAnswer>((resolve) => {
    port1.addEventListener('message', ({ data }: MessageEvent<TaskAnswer>) => resolve(data));
    port1.start();
  });
  threadOf(person).postMessage(
    { task, person, args, clockOffset: clockOffset() } satisfies TaskRequest,
    [port2],
  );
  const { result, refused, failed } = await answered;
  port1.close();
  if (refused) throw new RecourseError(refused.code, refused);
  if (failed !== undefined) throw new Error(failed);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer of the task that was asked for
  return result as TaskResult<N>;
}
