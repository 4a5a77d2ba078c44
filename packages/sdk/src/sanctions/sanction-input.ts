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
import type { Evidence } from '../commitments.ts';

/** An identifier, with how and when the platform itself proved that the creator controls it. */
export interface ProvenIdentifier {
  /** The identifier in any spelling; it is canonicalised here and never sent */
  readonly value: string;

  /** How control was proven */
  readonly control: Control;

  /** When control was proven */
  readonly provenAt: Date;
}

/**
 * A sanction to record. Control, dates, evidence, notice and attestations have no defaults: a person has to know them.
 */
export interface SanctionInput {
  /** 1..8 identifiers of one creator */
  readonly creator: Creator<ProvenIdentifier>;

  /** Code of the taxonomy */
  readonly reason: ReasonCode;

  /** Act of the platform */
  readonly action: Action;

  /** First and last instant of the act */
  readonly incident: { readonly from: Date; readonly to: Date };

  /** When the platform decided; not before the end of the incident */
  readonly decidedAt: Date;

  /** Maker of the decision; only a decision by a person is accepted */
  readonly decidedBy: SanctionStatement['decided_by'];
  /** 1..16 items; their bytes are hashed here and stay here */
  readonly evidence: readonly Evidence[];
  /** The act, its time and how you found it, for creator and reviewer only; up to 2,000 characters, and no address, link,
   * number or handle among them */
  readonly account: string;
  /** Index of the broken policy among the party's published ones */
  readonly policy: number;

  /** How the platform came to know */
  readonly origin: SanctionStatement['origin'];

  /** Points that the submitting person attests */
  readonly attest: SanctionStatement['attest'];

  /** Age of the creator, as far as it is known */
  readonly age: SanctionStatement['age'];

  /** Half of the reason's longest life unless given; more needs a gravity */
  readonly expires?: Date | undefined;

  /** Why more than half of the longest life is due */
  readonly gravity?: Gravity | undefined;
  /** The own live sanction that was evaded, for `network.ban-evasion`; `expires` is then that one's */
  readonly evades?: Id<'snc'> | undefined;
  /** The platform's own case id, 1..64 letters, digits and `._:/#-` */
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
