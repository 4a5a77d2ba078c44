import { availableParallelism } from 'node:os';
import { ask, startChild } from './load/run-load.ts';

export interface MultiplyJob {
  /** Elements of one batch */
  readonly elements: number;
  readonly seconds: number;
}

export interface MultiplyResult {
  readonly batches: number;
  readonly seconds: number;
  readonly cpuMicroseconds: number;
}

export interface Floor {
  /** Elements a second, of all cores */
  readonly rate: number;
  /** Microseconds of CPU a batch */
  readonly cpu: number;
}

/**
 * Elements a second that all cores could evaluate and prove if there were nothing but libsodium: 2n + 3 scalar
 * multiplications for a batch of n (RFC 9497, section 2.2).
 */
export async function multiplyFloor(job: MultiplyJob): Promise<Floor> {
  const cores = Array.from({ length: availableParallelism() }, () =>
    startChild(new URL('./multiply.ts', import.meta.url)),
  );
  try {
    const all = await Promise.all(cores.map((core) => ask<MultiplyResult>(core, job)));
    const total = (measure: (result: MultiplyResult) => number): number =>
      all.reduce((sum, result) => sum + measure(result), 0);
    return {
      rate: total(({ batches, seconds }) => (batches * job.elements) / seconds),
      cpu: total(({ cpuMicroseconds }) => cpuMicroseconds) / total(({ batches }) => batches),
    };
  } finally {
    for (const core of cores) core.kill('SIGKILL');
  }
}
