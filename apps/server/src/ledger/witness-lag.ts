import type { LedgerGuard, WitnessRound } from '@recourse/registry';
import type { Log } from '../log.ts';

const lagMs = 10_000;

/** Tells the operator, and the guard of the ledger, when what is signed is not served, for want of cosignatures. By the clock of the process. */
export class WitnessLag {
  readonly #log: Log;
  readonly #ledger: Pick<LedgerGuard, 'unserved'>;
  #behind: { readonly served: number; readonly since: number } | undefined;
  #isTold = false;

  constructor(parts: { log: Log; ledger: Pick<LedgerGuard, 'unserved'> }) {
    this.#log = parts.log;
    this.#ledger = parts.ledger;
  }

  look({ newest, served, policy }: WitnessRound): void {
    if (served >= newest.size) {
      if (this.#isTold) this.#log.progress(`The ledger is served to its end again (${served}).`);
      this.#behind = undefined;
      this.#isTold = false;
      this.#ledger.unserved(0);
      return;
    }
    const now = performance.now();
    if (this.#behind?.served !== served) this.#behind = { served, since: now };
    this.#ledger.unserved(now - this.#behind.since);
    if (this.#isTold || now - this.#behind.since < lagMs) return;
    this.#isTold = true;
    this.#log.warn(
      `LAGGING: the ledger has ${newest.size} entries and is served up to ${served}: ${policy.threshold} of its ${policy.witnesses.length} witnesses must cosign, and do not. Proofs that receipts promise are late.`,
    );
  }
}
