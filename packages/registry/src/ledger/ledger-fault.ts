/** Why nothing more is sequenced or signed until somebody has looked. */
export type LedgerFaultCode =
  /** The tiles are not those of the state: rows were changed */
  | 'tiles-differ'
  /** The state moved under its lock */
  | 'state-moved'
  /** A stored checkpoint was not signed by the log key */
  | 'checkpoint-replaced'
  /** The database ends before a checkpoint that was signed: an old copy of it */
  | 'rolled-back'
  /** The database has another history than a checkpoint that was signed */
  | 'forked';

/** The ledger in the database is not the one that was signed, or not whole. */
export class LedgerFault extends Error {
  override readonly name = 'LedgerFault';
  readonly code: LedgerFaultCode;

  constructor(code: LedgerFaultCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}
