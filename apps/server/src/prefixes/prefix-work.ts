import { setTimeout as delay } from 'node:timers/promises';
import type { Signer } from '@recourse/protocol';
import { PrefixPublisher, type Services } from '@recourse/registry';
import type { RightClock } from '../right-clock.ts';

/** Looked for so often; a version comes at most every ten seconds. */
const everyMs = 2_000;

export interface PrefixWorkOptions {
  readonly services: Services;
  /** The set key */
  readonly signer: Signer;
  readonly onFailure: (error: unknown) => void;
  readonly clock: Pick<RightClock, 'isRight'>;
}

/**
 * Publishes the prefix sets, again and again. Every server does; the database lets one at a time. While the ledger is at
 * fault, or the clock off, nothing is published: members whose sets grow old ask for everybody. Whatever fails is tried
 * again.
 */
export class PrefixWork {
  readonly #options: PrefixWorkOptions;
  readonly #publisher: PrefixPublisher;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: PrefixWorkOptions) {
    const { services, signer, onFailure } = options;
    this.#options = options;
    this.#publisher = new PrefixPublisher({ services, signer, onUnreadable: onFailure });
  }

  /** Takes the first step before it returns. */
  async start(): Promise<void> {
    await this.#step();
    this.#running ??= this.#run();
  }

  /** Lets the step in hand finish. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const more = await this.#step();
      if (!more) await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns whether more waits */
  async #step(): Promise<boolean> {
    const { services, onFailure, clock } = this.#options;
    if (services.ledger.fault) return false;
    try {
      if (!(await clock.isRight())) return false;
      return (await this.#publisher.step()).more;
    } catch (error) {
      onFailure(error);
      return false;
    }
  }
}
