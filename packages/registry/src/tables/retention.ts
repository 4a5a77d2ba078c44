import type { EndCause, ErasureGround } from '@recourse/protocol';

/** What an erasure leaves of a subject: a keyed hash of what it is about. */
export interface RememberedTable {
  /** 32 bytes */
  hash: Uint8Array;
  /** Of an early end; none where a platform was told */
  cause: EndCause | null;
  at: Date;
  until: Date;
}

/** The holder of a case objects to what is kept of them, or asks for its erasure. */
export interface ErasureRequestsTable {
  sanction: string;
  ground: ErasureGround;
  at: Date;
}
