import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { BlindError } from './errors.ts';
import type { KeyPair } from './evaluate.ts';
import type { Done, Task } from './worker.ts';

interface Job {
  readonly id: number;
  readonly batch: KeyPair & { blinded: readonly Uint8Array[] };
  readonly resolve: (done: { evaluated: Uint8Array[]; proof: Uint8Array }) => void;
  readonly reject: (error: BlindError) => void;
}

interface Seat {
  /** Undefined after its thread died, until the next batch for this seat */
  worker: Worker | undefined;
  job: Job | undefined;
}

/**
 * Multiplies scalars on worker threads, so that the event loop stays free. Each worker has one batch at a time; the
 * rest wait in a bounded queue.
 *
 * States: open, then closing (it finishes accepted batches and takes no more), then closed. A worker that dies takes
 * its one batch with it. The next batch of its seat starts another worker, so a thread that cannot start fails batches
 * and is not started in a loop.
 */
export class EvaluationPool {
  readonly #seats: Seat[];
  readonly #queue: Job[] = [];
  readonly #longestQueue: number;
  #nextId = 0;
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  /** @param options.queue batches that may wait; more are refused as `overloaded` */
  constructor(options: { threads?: number; queue?: number } = {}) {
    const threads = options.threads ?? availableParallelism();
    this.#longestQueue = options.queue ?? threads * 16;
    this.#seats = Array.from({ length: threads }, () => {
      const seat: Seat = { worker: undefined, job: undefined };
      this.#startWorker(seat);
      return seat;
    });
  }

  /**
   * Evaluates one batch, once a worker is free.
   * @throws BlindError `overloaded`, `closed`, `worker-failed`, and the errors of `evaluateBatch`
   */
  evaluate(batch: Job['batch']): Promise<{ evaluated: Uint8Array[]; proof: Uint8Array }> {
    if (this.#closing) return Promise.reject(new BlindError('closed', 'the pool is closing'));
    if (this.#seats.every(({ job }) => job) && this.#queue.length >= this.#longestQueue) {
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
    if (this.#seats.some(({ job }) => job)) {
      await new Promise<void>((resolve) => (this.#onIdle = resolve));
    }
    await Promise.all(this.#seats.map(async ({ worker }) => worker?.terminate()));
  }

  #assign(): void {
    for (const seat of this.#seats) {
      if (seat.job) continue;
      const job = this.#queue.shift();
      if (!job) break;
      seat.job = job;
      const worker = seat.worker ?? this.#startWorker(seat);
      const { secretKey, publicKey, blinded } = job.batch;
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ id: job.id, secretKey, publicKey, blinded } satisfies Task);
    }
    if (this.#seats.every(({ job }) => !job)) this.#onIdle?.();
  }

  #startWorker(seat: Seat): Worker {
    const worker = createWorker();
    worker.unref();
    worker.on('message', (done: Done) => this.#settle(seat, done));
    worker.on('error', (cause) => this.#lose(seat, worker, cause));
    // A thread can also end without an error, by its own exit or by `terminate`.
    worker.on('exit', () => this.#lose(seat, worker));
    seat.worker = worker;
    return worker;
  }

  #settle(seat: Seat, done: Done): void {
    const { job } = seat;
    if (!job || job.id !== done.id) return;
    seat.job = undefined;
    seat.worker?.unref();
    if ('failed' in done) job.reject(new BlindError(done.failed, 'the batch was refused'));
    else job.resolve({ evaluated: done.evaluated, proof: done.proof });
    this.#assign();
  }

  #lose(seat: Seat, worker: Worker, cause?: unknown): void {
    if (seat.worker !== worker) return;
    const { job } = seat;
    seat.worker = undefined;
    seat.job = undefined;
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
