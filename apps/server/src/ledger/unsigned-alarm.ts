import type { LedgerGuard } from '@recourse/registry';
import type { Log } from '../log.ts';

/** Tells the operator once when calls are refused since the log is not signed, whatever holds it up, and once when it is. */
export class UnsignedAlarm {
  readonly #log: Log;
  readonly #ledger: Pick<LedgerGuard, 'late'>;
  #isTold = false;

  constructor({ log, ledger }: { log: Log; ledger: Pick<LedgerGuard, 'late'> }) {
    this.#log = log;
    this.#ledger = ledger;
  }

  look(): void {
    const isUnsigned = this.#ledger.late.includes('unsigned');
    if (isUnsigned === this.#isTold) return;
    this.#isTold = isUnsigned;
    this.#log.progress(
      isUnsigned
        ? 'UNSIGNED: the log has not been signed for half a minute, and calls are refused. The lines "ledger" say what fails: a witness of your own, the database, or the disk of the data directory and of RECOURSE_CHECKPOINTS_DIR. Where there are none, look whether a server of role worker runs.'
        : 'The log is signed again: calls are answered.',
    );
  }
}
