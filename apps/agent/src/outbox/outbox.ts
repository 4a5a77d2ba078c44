import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecourseError } from '@recourse/sdk';
import type { Log } from '../log.ts';
import { laneOf, type Intent, type IntentResult, type SignedIntent } from '../orders/intent.ts';
import type { Entries } from './entries.ts';
import {
  doneWith,
  putBack,
  refusedBy,
  type Entry,
  type Trouble,
  type WaitingEntry,
} from './entry.ts';
import { failureClassOf, pauseMs, type FailureClass } from './failure-class.ts';
import { Gate } from './gate.ts';

const restMs = 5_000;

export interface OutboxOptions {
  readonly entries: Entries;
  /** One attempt. `keep` puts what was signed on the disk. Rejects with a RecourseError */
  readonly deliver: (
    entry: WaitingEntry,
    to: { readonly keep: (signed: SignedIntent) => void; readonly signal: AbortSignal },
  ) => Promise<IntentResult>;
  readonly clock: () => Date;
  readonly log: Log;
  /** Told of each attempt: of what kind it was, and how it ended */
  readonly onAttempt?: ((kind: string, end: 'done' | FailureClass) => void) | undefined;
}

/** An entry as it stands now. */
export interface Status {
  readonly entry: Entry;
  /** Reason why the last attempt of a waiting intent failed, since the start */
  readonly trouble?: Trouble | undefined;
}

/**
 * Delivers what services want done. Lanes go side by side, each in order; a refused intent leaves its lane. A crash at any
 * point leaves an intent waiting, with what was signed for it, and the registry does it once.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries: Entries;
  readonly #gate = new Gate();
  readonly #troubles = new Map<string, Trouble>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #inFlight = new Set<string>();
  readonly #listeners = new Map<string, Set<() => void>>();
  /** Nothing new begins */
  readonly #resting = new AbortController();
  /** Cuts what is under way */
  readonly #cut = new AbortController();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#entries = options.entries;
  }

  /** The last attempt found no registry, or one that asked to wait. */
  get isAway(): boolean {
    return this.#gate.isAway;
  }

  start(): void {
    for (const lane of this.#entries.lanes()) this.#run(lane);
  }

  /** Lets what is under way finish until `deadline` aborts; the rest goes on at the next start. */
  async stop(deadline: AbortSignal): Promise<void> {
    this.#resting.abort();
    deadline.addEventListener('abort', () => this.#cut.abort(), { once: true });
    if (deadline.aborted) this.#cut.abort();
    await Promise.all(this.#running.values());
  }

  /** Takes an intent: it is on the disk when this returns. @throws IdemConflict, AgentError `outbox-full` */
  take(intent: Intent, idem: string = randomUUID()): Entry {
    const entry = this.#entries.take(intent, idem);
    this.#run(laneOf(intent));
    return entry;
  }

  /** Resolves when the entry is done or refused, the signal aborts, or nothing is delivered any more. */
  async settled(id: string, signal: AbortSignal): Promise<Status | undefined> {
    const end = AbortSignal.any([signal, this.#resting.signal]);
    if (this.#entries.get(id)?.state === 'waiting' && !end.aborted) await this.#told(id, end);
    return this.status(id);
  }

  status(id: string): Status | undefined {
    const entry = this.#entries.get(id);
    return entry && { entry, trouble: this.#troubles.get(id) };
  }

  list(state: Entry['state']): Status[] {
    return this.#entries
      .in(state)
      .map((entry) => ({ entry, trouble: this.#troubles.get(entry.id) }));
  }

  count(state: Entry['state']): number {
    return this.#entries.count(state);
  }

  /** Puts a refused one back in its place. False for any other. */
  retry(id: string): boolean {
    const entry = this.#entries.get(id);
    if (entry?.state !== 'refused') return false;
    const again = putBack(entry);
    this.#entries.replace(again);
    this.#run(laneOf(again.intent));
    return true;
  }

  /** Forgets one. False while it is being delivered, and for one that is not there. */
  drop(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry || this.#inFlight.has(id)) return false;
    this.#entries.remove(entry);
    this.#troubles.delete(id);
    return true;
  }

  /** Erases what ended so long ago that nobody asks for it any more. */
  forget(): void {
    this.#entries.forget();
  }

  #run(lane: string): void {
    if (this.#running.has(lane) || !this.#entries.head(lane)) return;
    this.#running.set(lane, this.#keepEmpty(lane));
  }

  async #keepEmpty(lane: string): Promise<void> {
    while (this.#entries.head(lane) && !this.#resting.signal.aborted) {
      try {
        await this.#empty(lane);
      } catch (error) {
        await this.#rest(error);
      }
    }
    this.#running.delete(lane);
  }

  /** A full disk, or a fault of ours: nothing is lost, and trying at once would not help. */
  async #rest(cause: unknown): Promise<void> {
    const { signal } = this.#resting;
    if (signal.aborted) return;
    this.#options.log.fault('outbox', cause);
    await sleep(restMs, undefined, { signal }).catch(() => undefined);
  }

  async #empty(lane: string): Promise<void> {
    const { signal } = this.#resting;
    let failures = 0;
    for (;;) {
      const end = await this.#gate.through(signal, () => this.#attempt(lane));
      if (end === undefined) return;
      failures = end === 'held' ? failures + 1 : 0;
      if (failures > 0)
        await sleep(pauseMs(failures, { random: Math.random() }), undefined, { signal });
    }
  }

  /** Undefined once the lane is empty. */
  async #attempt(lane: string): Promise<'done' | FailureClass | undefined> {
    const entry = this.#entries.head(lane);
    if (!entry) return undefined;
    this.#inFlight.add(entry.id);
    try {
      const end = await this.#deliver(entry);
      this.#options.onAttempt?.(entry.kind, end);
      if (end === 'done' || end === 'refused') this.#tell(entry.id);
      return end;
    } finally {
      this.#inFlight.delete(entry.id);
    }
  }

  async #deliver(entry: WaitingEntry): Promise<'done' | FailureClass> {
    let current = entry;
    const keep = (signed: SignedIntent): void => {
      if (current.signed) return;
      current = { ...current, signed };
      this.#entries.replace(current);
    };
    try {
      const result = await this.#options.deliver(entry, { keep, signal: this.#cut.signal });
      this.#entries.replace(doneWith(current, result, this.#now()));
      this.#gate.open();
      return 'done';
    } catch (error) {
      return this.#failed(current, error);
    }
  }

  #failed(entry: WaitingEntry, error: unknown): FailureClass {
    if (!isRecourseError(error)) throw error;
    const { code, title, next, issues, link, retryAfterSeconds } = error;
    const trouble = { code, title, next, issues, link };
    const failureClass = failureClassOf(code);
    if (failureClass === 'away') this.#gate.shut(retryAfterSeconds);
    else this.#gate.open();
    if (failureClass === 'refused') this.#entries.replace(refusedBy(entry, trouble, this.#now()));
    if (failureClass === 'held') this.#options.log.fault(`${entry.kind} ${entry.id} waits`, error);
    this.#troubles.set(entry.id, trouble);
    return failureClass;
  }

  #told(id: string, end: AbortSignal): Promise<void> {
    const listeners = this.#listeners.get(id) ?? new Set();
    return new Promise((resolve) => {
      const wake = (): void => {
        listeners.delete(wake);
        end.removeEventListener('abort', wake);
        resolve();
      };
      this.#listeners.set(id, listeners.add(wake));
      end.addEventListener('abort', wake);
    });
  }

  #tell(id: string): void {
    for (const wake of this.#listeners.get(id) ?? []) wake();
    this.#listeners.delete(id);
    if (this.#entries.get(id)?.state === 'done') this.#troubles.delete(id);
  }

  #now(): string {
    return this.#options.clock().toISOString();
  }
}
