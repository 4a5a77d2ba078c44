import type { DemandKind, ObjectionGround, OrderBody, OrderEffect } from '@recourse/protocol';
import type { Generated } from 'kysely';

/** Objections to a registration, made within its window. */
export interface ObjectionsTable {
  party: string;
  by_party: string;
  ground: ObjectionGround;
  at: Date;
}

/** What the panel decided about a party that was objected to. */
export interface AdmissionsTable {
  party: string;
  outcome: 'admitted' | 'refused';
  at: Date;
  item: string;
}

/** Demands of authorities, as platforms report them. */
export interface AuthorityDemandsTable {
  id: string;
  party: string;
  kind: DemandKind;
  quarter: string;
  received: number;
  complied: number;
  refused: number;
  at: Date;
  publish_at: Date;
  /** The ledger has it */
  logged: Generated<boolean>;
}

/** Quarterly signed statements. */
export interface AttestationsTable {
  party: string;
  quarter: string;
  demands: number;
  /** `recourse-attestation+jwt` */
  statement: string;
  kid: string;
  at: Date;
}

/** Orders of courts and data protection authorities that were executed. */
export interface OrdersTable {
  proposal: string;
  sanction: string;
  effect: OrderEffect;
  body: OrderBody;
  dated: Date;
  /** H of the order's reference */
  reference: string;
  at: Date;
}
