import type { Generated } from 'kysely';

/** Records that whoever folds looks at next. */
export interface PrefixChangesTable {
  seq: Generated<number>;
  sanction: string;
}

/** One row: whoever has it folds and publishes. */
export interface PrefixTurnTable {
  singleton: Generated<boolean>;
  folded_at: Date;
}

/** A token that is counted in the set of its epoch. */
export interface ListedSubjectsTable {
  sanction: string;
  position: number;
  epoch: number;
  /** The first 32 bits of the token under a mask of the vault */
  masked: number;
  /** When it stops matching by time alone */
  until: Date;
}

/** The set of an epoch as it was published last. */
export interface PrefixSetsTable {
  epoch: number;
  version: number;
  bits: number;
  /** Tokens counted, of which two may share a prefix */
  tokens: number;
  as_of: Date;
}

/** How many tokens have a prefix of the width of their set. */
export interface PrefixCountsTable {
  epoch: number;
  prefix: number;
  n: number;
}

export interface PrefixVersionsTable {
  epoch: number;
  version: number;
  bits: number;
  size: number;
  checksum: Uint8Array;
  /** `recourse-set+jwt` */
  header: string;
  as_of: Date;
  /** Against the version before, sorted, four bytes each; null where the set was made anew */
  added: Uint8Array | null;
  removed: Uint8Array | null;
}

export interface PrefixSnapshotsTable {
  epoch: number;
  version: number;
  sha256: Uint8Array;
  bytes: Uint8Array;
  at: Date;
}
