import type {
  Action,
  Control,
  Gravity,
  Id,
  ReasonCode,
  SanctionStatement,
} from '@recourse/protocol';
import type { Creator } from '../identifiers.ts';
import type { MadeOf } from '../input-paths.ts';
import type { Evidence } from './evidence.ts';

/** An identifier, with how and when the platform itself proved that the creator controls it. */
export interface ProvenIdentifier {
  readonly value: string;
  readonly control: Control;
  readonly provenAt: Date;
}

/**
 * A sanction to record. Control, dates, evidence, notice and attestations have no defaults: a person has to know them.
 */
export interface SanctionInput {
  readonly creator: Creator<ProvenIdentifier>;
  readonly reason: ReasonCode;
  readonly action: Action;
  readonly incident: { readonly from: Date; readonly to: Date };
  readonly decidedAt: Date;
  readonly decidedBy: SanctionStatement['decided_by'];
  /** 1..16 items; their bytes are hashed here and stay here */
  readonly evidence: readonly Evidence[];
  /** The act, its time and how you found it, for creator and reviewer only; up to 2,000 characters */
  readonly account: string;
  /** Index of the broken policy among the party's published ones */
  readonly policy: number;
  readonly origin: SanctionStatement['origin'];
  readonly attest: SanctionStatement['attest'];
  readonly age: SanctionStatement['age'];
  readonly notice: SanctionStatement['notice'];
  /** By default half of the reason's longest life; more needs a gravity */
  readonly expires?: Date | undefined;
  readonly gravity?: Gravity | undefined;
  /** The own live sanction that was evaded, for `network.ban-evasion`; `expires` is then that one's */
  readonly evades?: Id<'snc'> | undefined;
  /** The platform's own case id, 16..64 characters of base64url */
  readonly ref?: string | undefined;
}

/** Which member of the input each member of a submission was made of. */
export const statementMadeOf: MadeOf = {
  statement: '',
  exp: 'expires',
  decided_at: 'decidedAt',
  decided_by: 'decidedBy',
  incident_from: 'incident.from',
  incident_to: 'incident.to',
  subjects: 'creator',
  tokens: 'creator',
};
