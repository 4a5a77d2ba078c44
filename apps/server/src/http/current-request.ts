import { AsyncLocalStorage } from 'node:async_hooks';

interface CurrentRequest {
  /** Whose share of a queue it takes */
  readonly source: string;
  /** By `performance.now()`, before it waited for anything here */
  readonly arrivedAt: number;
}

const store = new AsyncLocalStorage<CurrentRequest>();

/** Says of everything that `work` begins which request it is for. */
export const withRequest = <T>(request: CurrentRequest, work: () => T): T =>
  store.run(request, work);

/** The source of the request that is being answered; empty for work of this server itself. */
export const currentSource = (): string => store.getStore()?.source ?? '';

export const currentArrival = (): number => store.getStore()?.arrivedAt ?? performance.now();
