import { eventLoop } from '@recourse/sdk/events';
import type { Recourse } from '@recourse/sdk';
import type { Log } from '../log.ts';
import type { AgentEvent, EventLog, LoggedEvent } from './event-log.ts';

export interface FeedOptions {
  readonly recourse: Recourse;
  readonly events: EventLog;
  readonly intervalSeconds: number;
  readonly log: Log;
  readonly onEvent?: ((event: AgentEvent) => void) | undefined;
}

/** Brings events from the registry into the log, and wakes whoever reads it. */
export class EventFeed {
  readonly #options: FeedOptions;
  readonly #readers = new Set<() => void>();
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  start(): void {
    const { recourse, intervalSeconds, log } = this.#options;
    this.#running = eventLoop(recourse.session, {
      handle: async (event) => this.add(event),
      signal: this.#stopping.signal,
      intervalSeconds,
      onError: (error) => log.fault('events', error),
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const wake of this.#readers) wake();
    await this.#running;
  }

  /** Puts an event into the log, once, and wakes whoever reads it. */
  add(event: AgentEvent): void {
    const { events, onEvent } = this.#options;
    if (!events.append(event)) return;
    onEvent?.(event);
    for (const wake of this.#readers) wake();
  }

  /** Events after a place, and then each as it comes, until the signal aborts or the feed stops. */
  async *from(seq: number, signal: AbortSignal): AsyncGenerator<LoggedEvent> {
    const { events } = this.#options;
    const end = AbortSignal.any([signal, this.#stopping.signal]);
    let seen = seq;
    while (!end.aborted) {
      const news = this.#next(end);
      for (const logged of events.after(seen)) {
        yield logged;
        seen = logged.seq;
        if (end.aborted) return;
      }
      if (events.last <= seen) await news;
    }
  }

  #next(end: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#readers.delete(wake);
        end.removeEventListener('abort', wake);
        resolve();
      };
      this.#readers.add(wake);
      end.addEventListener('abort', wake);
    });
  }
}
