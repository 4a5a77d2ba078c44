import type { EndCause } from '@recourse/protocol';

/** What an erasure leaves of a subject: a keyed hash of what it is about. */
export interface RememberedTable {
  /** 32 bytes */
  hash: Uint8Array;
  /** Of an early end; none where a platform was told */
  cause: EndCause | null;
  at: Date;
  until: Date;
}

/** A claimant asks for the erasure of what they proved. */
export interface ErasureRequestsTable {
  sanction: string;
  /** Unknown where only the log tells of it, and once the case is erased */
  claimant: string | null;
  at: Date;
  /** What they signed; none where they did not */
  act: string | null;
  /** When they took it back */
  kept_at: Date | null;
}
