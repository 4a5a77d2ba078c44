import type { Db } from '../kernel/database.ts';
import { halfMergeDelayMs } from './merge-delay.ts';
import { readBacklog } from './store.ts';

const mostWaiting = 100_000;

/**
 * What waits for the sequencer, as this server last saw it. Once it is full nothing more is taken: a receipt that
 * promises a place in the log within a minute would be broken. Waiting is measured by this process and not by
 * the rows, since clocks can be moved.
 */
export class Backlog {
  #oldest: { readonly seq: number; readonly since: number } | undefined;
  #isFull = false;

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Nothing waited when it was looked at last */
  get isEmpty(): boolean {
    return this.#oldest === undefined;
  }

  async look(db: Db): Promise<void> {
    const { oldest, atMost } = await readBacklog(db);
    const now = performance.now();
    if (oldest === null) this.#oldest = undefined;
    else if (this.#oldest?.seq !== oldest) this.#oldest = { seq: oldest, since: now };
    const late = this.#oldest !== undefined && now - this.#oldest.since > halfMergeDelayMs;
    this.#isFull = late || atMost > mostWaiting;
  }
}
