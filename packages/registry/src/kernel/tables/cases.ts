import type {
  Control,
  EndCause,
  HistoryCause,
  HistoryEvent,
  IdentifierKind,
  PauseCause,
  ReasonCode,
} from '@recourse/protocol';
import type { ColumnType, Generated } from 'kysely';

/** The key of a case, wrapped by a key that is not in the database. Erasing the row erases the case. */
export interface CaseKeysTable {
  sanction: string;
  wrapped: Uint8Array;
}

/** A code that lets one into a case. */
export interface CaseCodesTable {
  /** H of the code */
  hash: string;
  sanction: string;
  /** The subject that it was delivered to; none of a code that the platform handed out */
  position: number | null;
  made_at: Date;
}

/** Bytes of mutations, sealed under the key of their case. */
export interface KeptCallsTable {
  sanction: string;
  kid: string;
  jti: string;
  sealed: Uint8Array;
}

export interface SanctionsTable {
  id: string;
  party: string;
  /** The trust key and holder that signed the statement */
  kid: string;
  holder: string;
  statement: string;
  reason: ReasonCode;
  age: 'adult' | 'unknown' | 'minor';
  decided_at: Date;
  incident_from: Date;
  incident_to: Date;
  expires_at: Date;
  /** Drafts wait for a second trust holder until `draft_lapses_at`; they answer nothing */
  drafted_at: Date | null;
  draft_lapses_at: Date | null;
  /** Who gave the draft back, and why, sealed under the case key: it has lapsed since */
  returned_by: Generated<string | null>;
  returned: Generated<Uint8Array | null>;
  submitted_at: Date | null;
  notice_due_at: Date | null;
  withheld_ground: string | null;
  /** When its submitter says that it told the creator itself */
  stated_at: Date | null;
  /** The first notice, of either kind */
  notified_at: Date | null;
  /** From when identifiers that no notice reached answer `verify-identity` */
  others_from: Date | null;
  /** From when any of its identifiers answers */
  visible_from: Date | null;
  version: Generated<number>;
  prior_match: boolean;
  evades: string | null;
  ref: string | null;
  /** The eight leaf commitments of the subject tree, base64url */
  commitments: string[];
  /** Hash of the evidence that meets the floor of its reason */
  proof: ColumnType<string | null, string | null | undefined, never>;
  /** Of the newest tokens of its subjects */
  epoch: Generated<number>;
  /** The account of facts and its salt, sealed under the case key */
  account: Uint8Array;
  /** An amendment's values, and the decision that made it */
  amended_until: Date | null;
  amended_reason: ReasonCode | null;
  amendment: string | null;
  /** Submitted while too many appeals on its group's records waited, and until when it was held for that */
  backlogged: Generated<boolean>;
  backlog_over_at: Generated<Date | null>;
  /** By the panel, after its submitter left */
  confirmed_at: Date | null;
  /** The history says `visible`, and `ended`: nothing waits to be written */
  visible_recorded: Generated<boolean>;
  end_recorded: Generated<boolean>;
  ended_early_at: Generated<Date | null>;
  /** When the first step of its own rows falls due that its history does not show; it wakes the scheduler */
  next_at: Generated<Date | null>;
  /** Words, tokens, salts and kept bytes are gone; what is erased is empty */
  texts_erased_at: Date | null;
  /** So is the key of the case, with everything else of it */
  erased_at: Date | null;
  /** Leaf hash of its `erased` entry, 32 bytes */
  erased_leaf: Uint8Array | null;
}

/** One identifier of one sanction, found by a keyed hash of its token. */
export interface SubjectsTable {
  /** HMAC of the token under a key outside the database */
  lookup: Uint8Array;
  epoch: number;
  sanction: string;
  position: number;
  kind: IdentifierKind;
  control: Control;
  proven_at: Date;
  matches_until: Date;
  detached_at: Date | null;
  /** When a notice was delivered to it, and from when it answers `review` */
  delivered_at: Date | null;
  review_from: Date | null;
  /** Salt and token, sealed under the case key */
  sealed: Uint8Array;
}

/** Serialises submissions of one platform about one subject. */
export interface SubmitterSubjectsTable {
  group_name: string;
  lookup: Uint8Array;
  submissions: number;
}

/** Ends are rows of their own, inserted once, never changed. */
export interface EndsTable {
  sanction: string;
  kind: 'withdrawn' | 'reversed' | 'undecided';
  cause: EndCause;
  at: Date;
  by_party: string;
  /** The signed withdrawal or decision; none where a deadline or a void ended it */
  artefact: string | null;
}

export interface SuspensionsTable {
  sanction: string;
  cause: PauseCause;
  since: Date;
  until: Date | null;
  lifted_at: Date | null;
}

/** Append-only history of a sanction. */
export interface SanctionEventsTable {
  sanction: string;
  position: number;
  version: number;
  event: HistoryEvent;
  cause: HistoryCause | null;
  at: Date;
}
