import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ServerConfig } from '../config/config.ts';
import type { EndedRequest } from '../traces/ended-request.ts';

/** Seconds. A match takes milliseconds, the largest import of a group some seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** As many reads as one commit takes. */
const groups = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/**
 * Counts things as they happen. Labels are of closed lists: no id of a party, no path and nothing else from outside
 * becomes one, or it would stand in the tables of whoever collects them, and fill them.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'operation' | 'status' | 'code'>;
  readonly #seconds: Histogram<'operation'>;
  readonly #groups: Histogram;

  constructor({ mode, role }: Pick<ServerConfig, 'mode' | 'role'>) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: 'recourse_requests_total',
      help: 'Requests by operation, status and problem code; 499 when the client left.',
      labelNames: ['operation', 'status', 'code'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'recourse_request_seconds',
      help: 'From the arrival of a request to the end of its answer.',
      labelNames: ['operation'],
      buckets,
      registers,
    });
    this.#groups = new Histogram({
      name: 'recourse_audit_group_reads',
      help: 'Reads that were committed together.',
      buckets: groups,
      registers,
    });
    new Gauge({
      name: 'recourse_info',
      help: 'What runs here.',
      labelNames: ['mode', 'role'],
      registers,
    }).set({ mode, role }, 1);
  }

  ended({ operation, status, seconds, refused }: EndedRequest): void {
    const code = status < 400 ? '' : (refused?.code ?? '');
    this.#requests.inc({ operation, status, code });
    this.#seconds.observe({ operation }, seconds);
  }

  committed(reads: number): void {
    this.#groups.observe(reads);
  }
}
