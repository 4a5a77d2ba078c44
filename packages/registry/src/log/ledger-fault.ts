import { LedgerError } from '@recourse/ledger';

/** Why nothing more is sequenced or signed until somebody has looked. */
export type LedgerFaultCode =
  /** The tiles are not those of the state: rows were changed */
  | 'tiles-differ'
  /** An entry is missing, or is not the one that the tiles have */
  | 'entries-differ'
  /** The state moved under its lock */
  | 'state-moved'
  /** A stored checkpoint was not signed by the log key */
  | 'checkpoint-replaced'
  /** The database ends before a checkpoint that was signed: an old copy of it */
  | 'rolled-back'
  /** Its log was brought up to date, and what that says was not done everywhere yet */
  | 'recovery-unfinished'
  /** The database has another history than a checkpoint that was signed */
  | 'forked';

/** The ledger in the database is not the one that was signed, or not whole. */
export class LedgerFault extends Error {
  override readonly name = 'LedgerFault';
  readonly code: LedgerFaultCode;
  /** `entry <index>` or `tile <level>/<index>`, where it is one */
  readonly place: string | undefined;

  constructor(code: LedgerFaultCode, options: ErrorOptions & { place?: string } = {}) {
    super(code, options);
    this.code = code;
    this.place = options.place;
  }
}

/**
 * Waits for a reading of tiles.
 * @throws LedgerFault `tiles-differ` where one is missing or broken; any other error as it is: a connection that was
 * lost says nothing of the log
 */
export async function ofTiles<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof LedgerError) throw new LedgerFault('tiles-differ', { cause });
    throw cause;
  }
}
