import { setTimeout as sleep } from 'node:timers/promises';
import { isRecourseError, type CheckResult, type RecourseError } from '@recourse/sdk';
import type { Log } from '../log.ts';
import type { KeptCheckOrder } from '../orders/schemas.ts';
import type { Trouble } from '../outbox/entry.ts';
import { failureClassOf, pauseMs } from '../outbox/failure-class.ts';
import { Gate } from '../outbox/gate.ts';
import { eventOf, resultOf, type Question, type QuestionEvent } from './question.ts';
import type { DueQuestion, QuestionStore } from './question-store.ts';

/** Questions that are opened at once; as many wait at the gate */
const batch = 8;
const idleMs = 1_000;
const sweepMs = 30_000;
/** A question that a person has to mend the way for is asked again after so long */
const heldMs = 60_000;

export interface QuestionsOptions {
  readonly store: QuestionStore;
  /** Asks once. Rejects with a RecourseError */
  readonly ask: (order: KeptCheckOrder, signal: AbortSignal) => Promise<CheckResult>;
  /** Tells services, on the disk when it returns; the same event may come again */
  readonly tell: (event: QuestionEvent) => void;
  readonly clock: () => Date;
  readonly log: Log;
  readonly onEnd?: ((question: Question) => void) | undefined;
}

/**
 * Asks what services want to know until it is answered, or the proof is too old. A crash at any point leaves a question
 * waiting, or ended and told again: it has one result, and one event by its id.
 */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #gate = new Gate();
  readonly #troubles = new Map<string, Trouble>();
  readonly #stopping = new AbortController();
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#sweepNow();
    this.#sweep = setInterval(() => this.#sweepNow(), sweepMs);
    this.#running = this.#run();
  }

  /** Cuts what is under way: it is asked after the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#sweep);
    this.#wake();
    await this.#running;
    this.#options.store.close();
  }

  /** It is on the disk when this returns. @throws AgentError `questions-full` */
  take(order: KeptCheckOrder): Question {
    const question = this.#options.store.take(order, this.#options.clock());
    this.#wake();
    return question;
  }

  get(id: string): Question | undefined {
    const question = this.#options.store.get(id);
    if (question?.state !== 'waiting') return question;
    return { ...question, trouble: this.#troubles.get(id) };
  }

  /** The last attempt found no registry, or one that asked to wait. */
  get isAway(): boolean {
    return this.#gate.isAway;
  }

  waiting(): number {
    return this.#options.store.waiting();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const due = this.#options.store.due(this.#options.clock(), batch);
        if (due.length === 0) await this.#news(signal);
        await Promise.all(
          due.map((question) => this.#gate.through(signal, () => this.#ask(question, signal))),
        );
      } catch (error) {
        if (signal.aborted) return;
        this.#options.log.fault('questions', error);
        await sleep(idleMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Until a question is taken, or one that was put off may be due. */
  async #news(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, idleMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (signal.aborted) this.#wake();
    });
  }

  async #ask({ id, askUntil }: DueQuestion, signal: AbortSignal): Promise<void> {
    const { store, ask, clock } = this.#options;
    if (askUntil <= clock()) return this.#sweepNow();
    try {
      const order = store.open(id);
      if (!order) return;
      const result = await ask(order, signal);
      if (result.advice === 'unavailable') return this.#failed(id, result.cause);
      this.#gate.open();
      this.#end(id, { state: 'answered', result: resultOf(result) });
    } catch (error) {
      signal.throwIfAborted();
      if (!isRecourseError(error)) this.#postpone(id);
      this.#failed(id, error);
    }
  }

  #failed(id: string, error: unknown): void {
    if (!isRecourseError(error)) throw error;
    const trouble = troubleOf(error);
    const failureClass = failureClassOf(error.code);
    if (failureClass === 'away') this.#gate.shut(error.retryAfterSeconds);
    else this.#gate.open();
    if (failureClass === 'refused') return this.#end(id, { state: 'refused', trouble });
    if (failureClass === 'held') this.#postpone(id);
    this.#troubles.set(id, trouble);
  }

  /** Behind the others: what keeps this one need not keep them. */
  #postpone(id: string): void {
    const { store, clock } = this.#options;
    const pause = heldMs + pauseMs(1, { random: Math.random() });
    store.postpone(id, new Date(clock().getTime() + pause));
  }

  #end(id: string, end: Parameters<QuestionStore['end']>[1]): void {
    const { store, clock } = this.#options;
    this.#troubles.delete(id);
    if (store.end(id, end, clock())) this.#tell();
  }

  #tell(): void {
    const { store, tell, onEnd } = this.#options;
    for (const question of store.untold(batch)) {
      tell(eventOf(question));
      store.told(question.id);
      this.#troubles.delete(question.id);
      onEnd?.(question);
    }
  }

  /** Ends what came too late, tells what a crash kept from being told, and forgets. */
  #sweepNow(): void {
    const { store, clock, log } = this.#options;
    try {
      const now = clock();
      store.endLate(now);
      while (store.untold(1).length > 0) this.#tell();
      store.forget(now);
    } catch (error) {
      log.fault('questions', error);
    }
  }
}

const troubleOf = ({ code, title, next, issues, link }: RecourseError): Trouble => ({
  code,
  title,
  next,
  issues,
  link,
});
