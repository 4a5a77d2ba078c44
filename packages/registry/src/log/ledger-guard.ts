import { goesOn, Problem } from '@recourse/protocol';
import { Backlog } from './backlog.ts';
import type { LedgerFaultCode } from './ledger-fault.ts';
import { halfMergeDelayMs } from './merge-delay.ts';

/** Whether the ledger can take what a call would write. One for each server. */
export class LedgerGuard {
  readonly backlog = new Backlog();
  #fault: LedgerFaultCode | undefined;
  #unservedMs = 0;

  /** Why this server is recovering, if it is; it does until it is started anew */
  get fault(): LedgerFaultCode | undefined {
    return this.#fault;
  }

  recover(fault: LedgerFaultCode): void {
    this.#fault ??= fault;
  }

  /** Whether what is taken now will be in the log, and shown, within the time that a receipt promises */
  get keepsPromises(): boolean {
    return this.#fault === undefined && this.#unservedMs <= halfMergeDelayMs;
  }

  /** For how long nothing that was signed could be served, for want of cosignatures. */
  unserved(milliseconds: number): void {
    this.#unservedMs = milliseconds;
  }

  /** Before anything is written. @throws Problem `recovering` or `overloaded` */
  admit(op: string): void {
    if (this.#fault && (!goesOn(op) || this.#mayBeErased(op)))
      throw new Problem('recovering', { retryAfterSeconds: 60 });
    // Nothing is taken from the backlog of a server that recovers, and what goes on does so all the same.
    if (!this.#fault && (this.backlog.isFull || this.#isUnwitnessed(op))) {
      throw new Problem('overloaded', { retryAfterSeconds: 5 });
    }
  }

  /** What an old copy of the database has of a case may have been erased since: it is erased again first. */
  #mayBeErased(op: string): boolean {
    const isOldCopy = this.#fault === 'rolled-back' || this.#fault === 'recovery-unfinished';
    return isOldCopy && op.startsWith('case.');
  }

  /** A receipt would promise what nobody could be shown in time. A creator waits for no witness. */
  #isUnwitnessed(op: string): boolean {
    return this.#unservedMs > halfMergeDelayMs && !goesOn(op);
  }
}
