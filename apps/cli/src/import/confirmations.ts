import type { Recourse } from '@recourse/sdk';
import type { Id } from '@recourse/protocol';
import { classify } from './classify.ts';

/** A draft that waits for a second trust holder. */
export interface Draft {
  readonly externalId: string;
  readonly sanction: Id<'snc'>;
}

export interface ConfirmationHandlers {
  confirmed(drafts: readonly Draft[]): Promise<void>;
  refused(draft: Draft, error: unknown): Promise<void>;
}

/** The registry confirms this many in one call. */
const confirmationBatch = 64;

/**
 * Confirms drafts in batches as the second trust holder. A batch is taken whole or not at all, so one that is refused is
 * halved until the draft at fault stands alone.
 */
export class Confirmations {
  readonly #second: Recourse;
  readonly #handlers: ConfirmationHandlers;
  #waiting: Draft[] = [];

  constructor(second: Recourse, handlers: ConfirmationHandlers) {
    this.#second = second;
    this.#handlers = handlers;
  }

  async add(draft: Draft): Promise<void> {
    this.#waiting.push(draft);
    if (this.#waiting.length >= confirmationBatch) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) await this.#confirm(batch);
  }

  async #confirm(batch: readonly Draft[]): Promise<void> {
    try {
      await this.#second.sanctions.confirm({ sanctions: batch.map(({ sanction }) => sanction) });
    } catch (error) {
      if (classify(error) !== 'of-the-record') throw error;
      await this.#halve(batch, error);
      return;
    }
    await this.#handlers.confirmed(batch);
  }

  async #halve(batch: readonly Draft[], error: unknown): Promise<void> {
    const [only] = batch;
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.#confirm(batch.slice(0, middle));
      await this.#confirm(batch.slice(middle));
    } else if (only && (await this.#isConfirmed(only))) {
      await this.#handlers.confirmed([only]);
    } else if (only) await this.#handlers.refused(only, error);
  }

  /** Asks whether an attempt whose answer was lost has confirmed the draft. */
  async #isConfirmed({ sanction }: Draft): Promise<boolean> {
    const { state } = await this.#second.sanctions.get({ sanction });
    return state === 'held' || state === 'visible';
  }
}
