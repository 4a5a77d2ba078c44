import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { RecoveryCounts } from '../recovery-counts.ts';

/** What waits for the sequencer, which alone gives entries an index: one row a commit. */
export interface LedgerPendingTable {
  seq: Generated<number>;
  /** JCS of its entries, in order */
  entries: string[];
  at: Date;
}

/** One row: the tree as far as it is durable. */
export interface LedgerStateTable {
  singleton: Generated<boolean>;
  size: number;
  root: Uint8Array;
  epoch: number;
}

export interface LedgerEntriesTable {
  index: number;
  leaf: Uint8Array;
  /** JCS */
  entry: string;
}

export interface LedgerTilesTable {
  level: number;
  index: number;
  hashes: Uint8Array;
}

export interface LedgerCheckpointsTable {
  size: number;
  /** With the signature of the log */
  note: string;
  at: Date;
}

/** One row a recovery from the log, the open one among them. */
export interface LedgerRecoveriesTable {
  from_size: number;
  applied: number;
  counts: ColumnType<RecoveryCounts, RecoveryCounts, RecoveryCounts>;
  /** What differed before: hashes in hex */
  faults: string[];
  finished_at: Date | null;
}

export interface LedgerLossesTable {
  from_size: number;
  loss: Uint8Array;
}

export interface LedgerCosignaturesTable {
  size: number;
  /** Verifier key of the witness */
  key: string;
  /** Signature line with its newline, verified */
  line: string;
  at: Date;
}

/** Checkpoints that readers were shown. */
export interface LedgerServedTable {
  size: number;
}

/** One row for each registration; those that were taken back or replaced have an end. */
export interface WitnessesTable {
  position: GeneratedAlways<number>;
  party: string;
  /** Verifier key; name and public key are derived from it */
  key: string;
  name: GeneratedAlways<string>;
  public_key: GeneratedAlways<Uint8Array>;
  url: string;
  registered_at: Date;
  ended_at: Date | null;
}

/** Every `witness-policy` entry, in the order of the log. */
export interface WitnessPoliciesTable {
  position: number;
  /** JCS */
  entry: string;
  leaf: Uint8Array;
}
