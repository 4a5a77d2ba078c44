import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { concatBytes } from '@noble/hashes/utils.js';
import { BlindError } from './errors.ts';
import type { KeyPair } from './evaluate.ts';
import { elementBytes, elementsIn } from './suite.ts';
import type { WorkerReply, Task } from './worker.ts';

interface Job {
  readonly id: number;
  readonly batch: KeyPair & { blinded: readonly Uint8Array[] };
  readonly resolve: (done: { evaluated: Uint8Array[]; proof: Uint8Array }) => void;
  readonly reject: (error: BlindError) => void;
}

interface Slot {
  /** Undefined after its thread died, until the next batch for this slot */
  worker: Worker | undefined;
  job: Job | undefined;
}

/**
 * Multiplies scalars on worker threads, so that the event loop stays free. Each worker has one batch at a time; the
 * rest wait in a bounded queue.
 *
 * States: open, then closing (it finishes accepted batches and takes no more), then closed. A worker that dies takes
 * its one batch with it. The next batch of its slot starts another worker, so a thread that cannot start fails batches
 * and is not started in a loop.
 */
export class EvaluationPool {
  readonly #slots: Slot[];
  readonly #queue: Job[] = [];
  readonly #longestQueue: number;
  #nextId = 0;
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  /** @param options.queue batches that may wait; more are refused as `overloaded` */
  constructor(options: { threads?: number; queue?: number } = {}) {
    const threads = options.threads ?? availableParallelism();
    this.#longestQueue = options.queue ?? threads * 16;
    this.#slots = Array.from({ length: threads }, () => {
      const slot: Slot = { worker: undefined, job: undefined };
      this.#startWorker(slot);
      return slot;
    });
  }

  /**
   * Evaluates one batch, once a worker is free.
   * @throws BlindError `overloaded`, `closed`, `worker-failed`, and the errors of `evaluateBatch`
   */
  evaluate(batch: Job['batch']): Promise<{ evaluated: Uint8Array[]; proof: Uint8Array }> {
    if (this.#closing) return Promise.reject(new BlindError('closed', 'the pool is closing'));
    if (batch.blinded.some(({ length }) => length !== elementBytes)) {
      return Promise.reject(new BlindError('element-invalid', 'an element has 32 bytes'));
    }
    if (this.#slots.every(({ job }) => job) && this.#queue.length >= this.#longestQueue) {
      return Promise.reject(new BlindError('overloaded', 'too many batches wait'));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ id: this.#nextId++, batch, resolve, reject });
      this.#assign();
    });
  }

  /** Finishes accepted batches, then ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    if (this.#slots.some(({ job }) => job)) {
      await new Promise<void>((resolve) => (this.#onIdle = resolve));
    }
    await Promise.all(this.#slots.map(async ({ worker }) => worker?.terminate()));
  }

  #assign(): void {
    for (const slot of this.#slots) {
      if (slot.job) continue;
      const job = this.#queue.shift();
      if (!job) break;
      slot.job = job;
      const worker = slot.worker ?? this.#startWorker(slot);
      const { secretKey, publicKey } = job.batch;
      const blinded = concatBytes(...job.batch.blinded);
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ id: job.id, secretKey, publicKey, blinded } satisfies Task);
    }
    if (this.#slots.every(({ job }) => !job)) this.#onIdle?.();
  }

  #startWorker(slot: Slot): Worker {
    const worker = createWorker();
    worker.unref();
    worker.on('message', (done: WorkerReply) => this.#settle(slot, done));
    worker.on('error', (cause) => this.#lose(slot, worker, cause));
    // A thread can also end without an error, by its own exit or by `terminate`.
    worker.on('exit', () => this.#lose(slot, worker));
    slot.worker = worker;
    return worker;
  }

  #settle(slot: Slot, done: WorkerReply): void {
    const { job } = slot;
    if (!job || job.id !== done.id) return;
    slot.job = undefined;
    slot.worker?.unref();
    if ('failed' in done) job.reject(new BlindError(done.failed, 'the batch was refused'));
    else job.resolve({ evaluated: elementsIn(done.evaluated), proof: done.proof });
    this.#assign();
  }

  #lose(slot: Slot, worker: Worker, cause?: unknown): void {
    if (slot.worker !== worker) return;
    const { job } = slot;
    slot.worker = undefined;
    slot.job = undefined;
    job?.reject(new BlindError('worker-failed', 'the thread of this batch ended', { cause }));
    this.#assign();
  }
}

/** Built code has a `.js` beside it; source is run as it is, under the condition that resolves it. */
function createWorker(): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const url = new URL(`./worker.${extension}`, import.meta.url);
  return extension === 'ts'
    ? new Worker(url, { execArgv: ['--conditions=@recourse/source'] })
    : new Worker(url);
}
