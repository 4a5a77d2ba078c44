import { AsyncLocalStorage } from 'node:async_hooks';
import type { Problem } from '@recourse/protocol';
import type { CallAnswer } from '@recourse/registry';

export interface CurrentRequest {
  /** Source whose share of a queue it takes */
  readonly source: string;
  /** Time of `performance.now()`, before it waited for anything here */
  readonly arrivedAt: number;
  /** Why it is refused, once that is known */
  refused?: Problem;
  /** Signer of the call, once that is verified */
  caller?: CallAnswer['caller'];
}

const store = new AsyncLocalStorage<CurrentRequest>();

/** Says of everything that `work` begins which request it is for. */
export const withRequest = <T>(request: CurrentRequest, work: () => T): T =>
  store.run(request, work);

/** The source of the request that is being answered; empty for work of this server itself. */
export const currentSource = (): string => store.getStore()?.source ?? '';

export const currentArrival = (): number => store.getStore()?.arrivedAt ?? performance.now();

/** For the log and the counts; of several problems of one request, the gravest and first. */
export function noteRefusal(problem: Problem | undefined): void {
  const request = store.getStore();
  if (!request || !problem) return;
  if (!request.refused || problem.status > request.refused.status) request.refused = problem;
}

export function noteCaller(caller: CallAnswer['caller']): void {
  const request = store.getStore();
  if (request && caller) request.caller = caller;
}
