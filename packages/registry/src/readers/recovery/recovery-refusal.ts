/** Why the log is not brought up to date from a copy. */
export type RecoveryRefusalCode =
  /** No checkpoint is kept outside the database: nothing says where the log has to end */
  | 'checkpoint-missing'
  /** The one that is kept was not signed by the log key */
  | 'checkpoint-invalid'
  /** The copy has no checkpoint, or lacks a file, or has one that is too long */
  | 'copy-incomplete'
  /** Its checkpoint was not signed by the log key: the copy of another log */
  | 'copy-of-another-log'
  /** It ends before the checkpoint that is kept, or before the database */
  | 'copy-short'
  /** Its files are not those that its checkpoint signs */
  | 'copy-damaged'
  /** Its checkpoint and the one that is kept were both signed, and contradict each other */
  | 'copy-forked'
  /** The database has entries that the signed log has not */
  | 'database-forked'
  /** The database has all of the log */
  | 'not-needed'
  /** Something else moves the log, or recovers it */
  | 'busy';

/** Thrown when nothing more is recovered; what was recovered before is sound, and another run goes on from there. */
export class RecoveryRefusal extends Error {
  override readonly name = 'RecoveryRefusal';
  readonly code: RecoveryRefusalCode;

  constructor(code: RecoveryRefusalCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}
