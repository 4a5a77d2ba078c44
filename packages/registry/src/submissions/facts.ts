import type {
  IdentifierKind,
  Problem,
  ReasonCode,
  Registration,
  SanctionStatement,
  Submission,
} from '@recourse/protocol';
import type { Backlog } from '@recourse/protocol/review';
import type { Flagger } from '../context/context.ts';
import type { Standing } from '../records/life.rules.ts';

/** A submission whose statement was verified, or a draft read back: what rules of the moment look at. */
export interface DraftSubmission {
  readonly statement: SanctionStatement;
  readonly subjects: readonly DraftSubject[];
  readonly evades?: string | undefined;
}

export interface DraftSubject {
  readonly epoch: number;
  readonly kind: IdentifierKind;
  /** NumericDate */
  readonly provenAt: number;
}

/** A submission with its openings, as it comes in. */
export interface OpenedSubmission extends DraftSubmission {
  readonly input: Submission;
  /** The eight leaf commitments that the openings give; none when they fill no tree */
  readonly commitments: readonly string[] | undefined;
}

/** A record of the same group that shares a subject. */
export interface EarlierRecord {
  readonly reason: ReasonCode;
  readonly incidentFrom: Date;
  readonly incidentTo: Date;
  readonly standing: Standing;
}

export interface EvadedRecord {
  readonly decidedAt: Date;
  readonly expiresAt: Date;
  readonly standing: Standing;
}

/** The facts that the registry knows when it judges a submission. */
export interface Facts {
  readonly now: Date;
  /** `aud` of every artefact */
  readonly origin: string;
  /** The calling party */
  readonly caller: string;
  readonly platform: PlatformFacts;
  readonly flaggers: readonly Flagger[];
  /** The one that records are made and compared under */
  readonly recordsEpoch: number | undefined;
  /** A sanction with this id, or this case code, is here already */
  readonly known: boolean;
  readonly earlier: readonly EarlierRecord[];
  /** The group has a record of this reason that ended early after the incident began, and has no tokens to compare */
  readonly leftBehind: boolean;
  /** The caller's own record that `evades` names, if there is one */
  readonly evaded?: EvadedRecord | undefined;
  readonly bucket: { readonly limit: number; readonly spent: number };
}

export interface PlatformFacts {
  readonly suspended: boolean;
  readonly enabledReasons: readonly ReasonCode[];
  readonly registration: Registration;
  /** Neither before it is active nor after it left */
  readonly active: boolean;
  /** Cases that wait before the panel on records of its group */
  readonly backlog: Backlog;
  /** Reviewers who sit on the panel and are independent of the party */
  readonly reviewers: number;
  /** Records of the last 24 h, where it is in probation */
  readonly inProbation?: { readonly spent: number } | undefined;
}

export type Rule<S extends DraftSubmission = OpenedSubmission> = (
  submission: S,
  facts: Facts,
) => Problem | undefined;
