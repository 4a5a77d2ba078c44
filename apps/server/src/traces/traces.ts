import type { IncomingHttpHeaders } from 'node:http';
import type { CallStep } from '@recourse/registry';
import type { EndedRequest } from './ended-request.ts';

/** What takes time within a request: a step of its call, or the multiplications that workers do for it. */
export type TracedStep = CallStep | 'multiplications';

export interface RequestTrace {
  run<T>(work: () => T): T;
  end(request: EndedRequest): void;
}

type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** Where requests spend their time, told to a collector of OpenTelemetry. */
export interface Traces {
  /** Of the headers, which the caller chooses, only a well-formed `traceparent` counts. */
  request(headers: IncomingHttpHeaders): RequestTrace;
  step<T>(step: TracedStep, work: () => Promise<T>): Promise<T>;
  /** The same limit, whose waiting is a step */
  queued(limit: Limit): Limit;
  /** Sends what is left */
  close(): Promise<void>;
}

const untracedRequest: RequestTrace = { run: (work) => work(), end: () => undefined };

export const noTraces: Traces = {
  request: () => untracedRequest,
  step: (_step, work) => work(),
  queued: (limit) => limit,
  close: async () => undefined,
};
