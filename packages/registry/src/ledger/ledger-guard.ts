import { Problem } from '@recourse/protocol';
import { Backlog } from './backlog.ts';
import type { LedgerFaultCode } from './ledger-fault.ts';

/** What goes on while the ledger is looked into: what was owed before still reaches those it is owed to. */
const goesOn = /^(recalls|events|case)\./;

/** Whether the ledger can take what a call would write. One for each server. */
export class LedgerGuard {
  readonly backlog = new Backlog();
  #fault: LedgerFaultCode | undefined;

  /** Why this server is recovering, if it is; it does until it is started anew */
  get fault(): LedgerFaultCode | undefined {
    return this.#fault;
  }

  recover(fault: LedgerFaultCode): void {
    this.#fault ??= fault;
  }

  /** Before anything is written. @throws Problem `recovering` or `overloaded` */
  admit(op: string): void {
    if (this.#fault && !goesOn.test(op)) throw new Problem('recovering', { retryAfterSeconds: 60 });
    // Nothing is taken from the backlog of a server that recovers, and what goes on does so all the same.
    if (!this.#fault && this.backlog.isFull)
      throw new Problem('overloaded', { retryAfterSeconds: 5 });
  }
}
