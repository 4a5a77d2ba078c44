import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { BlindError } from './errors.ts';
import type { KeyPair } from './evaluate.ts';
import type { Done } from './worker.ts';

interface Job {
  readonly id: number;
  readonly batch: KeyPair & { blinded: readonly Uint8Array[] };
  readonly resolve: (done: { evaluated: Uint8Array[]; proof: Uint8Array }) => void;
  readonly reject: (error: BlindError) => void;
}

interface Seat {
  worker: Worker;
  job: Job | undefined;
}

/**
 * Scalar multiplications on worker threads, so that the event loop stays free. Each worker has one batch
 * at a time; the rest wait in a bounded queue. States: open, then closing (what was accepted is finished,
 * nothing is accepted) and closed. A worker that dies takes its one batch with it and is replaced.
 */
export class EvaluationPool {
  readonly #seats: Seat[];
  readonly #queue: Job[] = [];
  readonly #longestQueue: number;
  #nextId = 0;
  #closing: (() => void) | undefined;

  /** @param options.queue batches that may wait; more are refused as `overloaded` */
  constructor(options: { threads?: number; queue?: number } = {}) {
    const threads = options.threads ?? availableParallelism();
    this.#longestQueue = options.queue ?? threads * 16;
    this.#seats = Array.from({ length: threads }, () => this.#seat());
  }

  /** @throws BlindError `overloaded`, `closed`, `worker-failed`, or what `evaluateBatch` throws */
  evaluate(batch: Job['batch']): Promise<{ evaluated: Uint8Array[]; proof: Uint8Array }> {
    if (this.#closing) return Promise.reject(new BlindError('closed', 'the pool is closing'));
    if (this.#queue.length >= this.#longestQueue) {
      return Promise.reject(new BlindError('overloaded', 'too many batches wait'));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ id: this.#nextId++, batch, resolve, reject });
      this.#assign();
    });
  }

  /** Finishes what was accepted, then ends the threads. */
  async close(): Promise<void> {
    if (this.#seats.some(({ job }) => job)) {
      await new Promise<void>((resolve) => (this.#closing = resolve));
    } else {
      this.#closing = () => {};
    }
    await Promise.all(this.#seats.map(({ worker }) => worker.terminate()));
  }

  #assign(): void {
    for (const seat of this.#seats) {
      if (seat.job) continue;
      const job = this.#queue.shift();
      if (!job) break;
      seat.job = job;
      seat.worker.ref();
      seat.worker.postMessage({ id: job.id, ...job.batch });
    }
    if (this.#closing && this.#seats.every(({ job }) => !job)) this.#closing();
  }

  #seat(): Seat {
    const seat: Seat = { worker: startWorker(), job: undefined };
    this.#watch(seat);
    return seat;
  }

  #watch(seat: Seat): void {
    seat.worker.unref();
    seat.worker.on('message', (done: Done) => this.#settle(seat, done));
    seat.worker.on('error', () => this.#replace(seat));
  }

  #settle(seat: Seat, done: Done): void {
    const { job } = seat;
    if (!job || job.id !== done.id) return;
    seat.job = undefined;
    seat.worker.unref();
    if ('failed' in done) job.reject(new BlindError(done.failed, 'the batch was refused'));
    else job.resolve(done);
    this.#assign();
  }

  #replace(seat: Seat): void {
    const { job } = seat;
    seat.job = undefined;
    seat.worker = startWorker();
    this.#watch(seat);
    job?.reject(new BlindError('worker-failed', 'the thread of this batch ended'));
    this.#assign();
  }
}

/** Built code has a `.js` beside it; source is run as it is, under the condition that resolves it. */
function startWorker(): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./worker.${extension}`, import.meta.url), {
    ...(extension === 'ts' ? { execArgv: ['--conditions=@recourse/source'] } : {}),
  });
}
