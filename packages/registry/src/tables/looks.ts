import type { DisputeEnd } from '@recourse/protocol';

/** A decision of an appeal, and whether it was drawn to be made again by another reviewer. */
export interface RedecisionsTable {
  appeal: string;
  sanction: string;
  leaf: Uint8Array;
  /** Of the checkpoint that seeds it, with its root; none before it was served */
  size: number | null;
  root: Uint8Array | null;
  drawn: boolean | null;
  /** When the submitter asked that two others decide it again */
  asked_at: Date | null;
}

/** A reviewer says that evidence of an audit does not fit, and another looks at the same bytes. */
export interface AuditDisputesTable {
  item: string;
  sanction: string;
  place: number;
  round: number;
  holder: string;
  at: Date;
  /** Of the JWE, sealed under the case key; gone once it is closed */
  content_key: Uint8Array | null;
  second: string | null;
  assigned_at: Date | null;
  closed_at: Date | null;
  closed_as: DisputeEnd | null;
}
