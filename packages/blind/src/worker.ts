import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { concatBytes } from '@noble/hashes/utils.js';
import { BlindError, type BlindErrorCode } from './errors.ts';
import { evaluateBatch, type KeyPair } from './evaluate.ts';
import { elementsIn, ready } from './suite.ts';

/** Elements stand one behind the other: to copy them one by one takes as long as to multiply one. */
export interface Task extends KeyPair {
  readonly id: number;
  readonly blinded: Uint8Array;
}

export type WorkerReply =
  | { readonly id: number; readonly evaluated: Uint8Array; readonly proof: Uint8Array }
  | { readonly id: number; readonly failed: BlindErrorCode };

await ready();

// Of this thread alone, which only Linux has: the event loop goes first where both want one core, and waits no time slice.
if (process.platform === 'linux') setPriority(10);

parentPort?.on('message', (task: Task) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(work(task));
});

function work(task: Task): WorkerReply {
  try {
    const { evaluated, proof } = evaluateBatch({ ...task, blinded: elementsIn(task.blinded) });
    return { id: task.id, evaluated: concatBytes(...evaluated), proof };
  } catch (error) {
    return { id: task.id, failed: error instanceof BlindError ? error.code : 'worker-failed' };
  }
}
