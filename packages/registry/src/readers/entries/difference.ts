export type DifferenceCode =
  /** A row of the tables that the log does not have */
  | 'row-not-logged'
  /** An entry whose row is not there, or says something else */
  | 'entry-without-row'
  /** An entry of a case that nobody can open any more: its opening is gone */
  | 'opening-missing'
  /** An opening that cannot be read, or opens another entry than its own */
  | 'opening-invalid'
  /** The key of a case is gone, or not wrapped by this vault key: its openings cannot be read */
  | 'case-key-missing'
  /** A prefix set, or what is counted in it, is not what its records come to */
  | 'prefixes-differ'
  /** A record says another instant than that of its next step: the scheduler would come too late, or for nothing */
  | 'next-differs'
  /** A row says something else than the statement that the platform signed */
  | 'statement-differs'
  /** The audit rows of one `calls` entry are not those that it counts */
  | 'calls-differ'
  /** An entry is missing, changed, or not of the schema */
  | 'entries-differ'
  /** A tile, or the state, is not that of the entries */
  | 'tiles-differ'
  /** The losses of recoveries are not those that they logged */
  | 'losses-differ'
  /** A checkpoint was not signed by the log key, or signs another tree */
  | 'checkpoint-differs';

/** One place where tables and log differ. It names ids and indexes, never what a row says. */
export interface Difference {
  readonly code: DifferenceCode;
  readonly table?: string;
  /** The primary key, its columns apart by spaces */
  readonly id?: string;
  /** The index of the entry; beyond the size of the log for one that waits */
  readonly index?: number;
  /** The part of it that differs */
  readonly what?: string;
}

/** A difference as it is found: with what the row or the entry says, which is told to nobody. */
export interface FoundDifference extends Difference {
  readonly says?: string;
}
