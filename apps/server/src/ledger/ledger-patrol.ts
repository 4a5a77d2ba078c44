import { setTimeout as delay } from 'node:timers/promises';
import {
  checkTree,
  LedgerFault,
  readState,
  type LedgerGuard,
  type Services,
} from '@recourse/registry';

/** A thousand entries at once take some milliseconds of this thread: calls do not feel it. */
const bundles = 4;

export interface LedgerPatrolOptions {
  readonly services: Pick<Services, 'db'> & { readonly ledger: LedgerGuard };
  readonly onFailure: (error: unknown) => void;
  /** Told once, when this server begins to recover because of what was found here */
  readonly onFault: (fault: LedgerFault) => void;
  /** Milliseconds between steps, and between one round and the next */
  readonly pauseMs?: number;
  readonly restMs?: number;
}

/**
 * Reads the whole log again and again, slowly, and compares it with its own hashes. What was signed is compared at
 * every signature by the right edge of the tree alone: what was changed further to the left is found here.
 *
 * Each start begins at the first entry: what another process read before may have been changed since. Walking until it
 * is stopped or something is found; then this server recovers.
 */
export class LedgerPatrol {
  readonly #options: LedgerPatrolOptions;
  readonly #stopping = new AbortController();
  #walking: Promise<void> | undefined;

  constructor(options: LedgerPatrolOptions) {
    this.#options = options;
  }

  start(): void {
    this.#walking ??= this.#walk();
  }

  /** Lets the step in hand finish. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#walking;
  }

  async #walk(): Promise<void> {
    const { onFailure, restMs = 60_000 } = this.#options;
    while (!this.#isOver()) {
      // The next round reads what this one could not.
      await this.#round().catch(onFailure);
      await this.#wait(restMs);
    }
  }

  async #round(): Promise<void> {
    const { services, pauseMs = 500 } = this.#options;
    const { size, root } = await readState(services.db);
    for await (const { faults } of checkTree(services.db, { size, root, bundles })) {
      if (this.#isOver()) return;
      if (faults[0]) return this.#recover(new LedgerFault(faults[0].code, faults[0]));
      await this.#wait(pauseMs);
    }
  }

  #recover(fault: LedgerFault): void {
    const { services, onFailure, onFault } = this.#options;
    onFailure(fault);
    services.ledger.recover(fault.code);
    onFault(fault);
  }

  #isOver(): boolean {
    return this.#stopping.signal.aborted || this.#options.services.ledger.fault !== undefined;
  }

  async #wait(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }
}
