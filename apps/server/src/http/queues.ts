import { Admission } from './admission.ts';
import { currentSource } from './current-request.ts';

/** Queues by kind of work: a crowd at one counter is none at another. */
export interface Queues {
  readonly calls: Admission;
  /** Acts of creators, and enrolment */
  readonly acts: Admission;
  readonly ledger: Admission;
  readonly pages: Admission;
}

/** Work that may wait, of that in flight. */
const waiting = 16;
/** Connections of the pool beyond the work in flight: a call that holds a transaction may need one more to go on. */
const spareConnections = 2;

/** Work in flight of each kind beside calls. */
const besideCalls = (concurrency: number): number => Math.max(2, Math.ceil(concurrency / 4));

/** @param concurrency calls in flight */
export function openQueues(concurrency: number): Queues {
  const places = besideCalls(concurrency);
  return {
    calls: queue(concurrency),
    acts: queue(places),
    ledger: queue(places),
    pages: queue(places),
  };
}

const queue = (places: number): Admission =>
  new Admission({ concurrency: places, queue: places * waiting, source: currentSource });

/** Connections to the database, so that no kind of work waits for those of another. */
export const connectionsFor = (concurrency: number): number =>
  concurrency + 3 * besideCalls(concurrency) + spareConnections;
