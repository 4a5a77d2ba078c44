import type {
  AccessKind,
  AlarmExplanation,
  AppealGround,
  ClaimantWay,
  DecisionOutcome,
  EndCause,
  DisputeEnd,
  InspectionOutcome,
  WithdrawalCause,
} from '@recourse/protocol';
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** A person on the creator's side of a case. */
export interface ClaimantsTable {
  id: string;
  sanction: string;
  /** H of it */
  secret: string;
  kind: 'self' | AccessKind;
  /** The claimant who let them in */
  acts_for: string | null;
  /** JCS of the public key that signs what they give up; none where their browser made none */
  signing_key: string | null;
  since: Date;
  left_at: Date | null;
}

/** By what a claimant came: a code, or an identifier of the record. */
export interface ClaimantWaysTable {
  claimant: string;
  sanction: string;
  way: ClaimantWay;
  /** Of the subject; none of a code that the platform handed out */
  position: number | null;
  at: Date;
  /** The last time that they showed it */
  proven_at: Date;
}

/** Whom a claimant lets in; invited first, then a claimant with a secret of their own. */
export interface CaseAccessTable {
  sanction: string;
  by_claimant: string;
  place: number;
  kind: AccessKind;
  /** Sealed under the key of the case; empty once its texts are erased */
  name: Uint8Array;
  /** H of the code */
  invite: string;
  invited_at: Date;
  invite_until: Date;
  claimant: string | null;
  since: Date | null;
  ended_at: Date | null;
}

/** An address of a claimant that hears when a case has news. */
export interface CaseContactsTable {
  claimant: string;
  sanction: string;
  /** Address, language and the code that stops the mails, sealed under the key of the case */
  address: Uint8Array;
  /** H of that code */
  stop: string;
  at: Date;
  tries: Generated<number>;
  confirm_by: Date;
  confirmed_at: Date | null;
  told: number;
  mailed_at: Date | null;
  failures: Generated<number>;
  /** The next try of a mail that could not be handed in */
  retry_at: Date | null;
  way: number;
  slot: number;
}

export interface AppealsTable {
  id: string;
  sanction: string;
  submitter: ColumnType<string, string, never>;
  /** Who opened it; nobody once the case is erased */
  claimant: string | null;
  ground: AppealGround;
  /** The ground `expression` on a code next to speech */
  speech: Generated<boolean>;
  language: string;
  words: Uint8Array;
  /** Of a later one: what is new */
  news: Uint8Array | null;
  /** The dismissed one that another reviewer looks at again */
  reopens: string | null;
  reviewers: number;
  opened_at: Date;
  /** When a reviewer has to have taken it: two days for speech, else five */
  assignment_due_at: Date;
  /** None while nobody has a key to seal evidence to, and none once all is delivered */
  evidence_due_at: Date | null;
  evidence_lapses_at: Date | null;
  evidence_confirmed_at: Date | null;
  added_days: Generated<number>;
  decision_due_at: Date;
  undecided_at: Date;
  /** Of the ground `expression`: relief is decided before, or granted */
  relief_due_at: Date | null;
  relief_decided_at: Date | null;
  relief_decided_as: 'granted' | 'refused' | 'spared' | null;
  /** The creator withdrew it; until then they may keep it */
  withdraws_at: Date | null;
  /** By ways that an earlier decision bound: late, it neither suspends nor ends the record */
  bound: boolean;
  /** Whether another was open on the same evidence when its relief began: none is due */
  together: Generated<boolean>;
  /** The first of those that stand together on the same evidence; none of itself */
  beside: ColumnType<string | null, string | null | undefined, never>;
  /** Opened before the record answered, and none that answers now: held until then while it is open */
  keeps_until: Date | null;
  responded_at: Date | null;
  response: Uint8Array | null;
  closed_at: Date | null;
  closed_as: 'decided' | 'withdrawn' | 'undelivered' | 'undecided' | 'conceded' | 'restored' | null;
  outcome: DecisionOutcome | null;
  cause: EndCause | null;
  concession: WithdrawalCause | null;
}

/** A claimant who appeals with others, on one ground. */
export interface AppealJoinsTable {
  appeal: string;
  sanction: string;
  claimant: string;
  ground: AppealGround;
  /** Sealed; none of whoever opened it, whose words stand with the appeal */
  words: Uint8Array | null;
  at: Date;
  /** When they said that they withdraw, and from when they appeal no more */
  withdrawal_at: Date | null;
  withdraws_at: Date | null;
  /** What they signed; none where it waits */
  withdrawal: string | null;
  /** By which way they came, -1 where by a code that the platform handed out; and which place of it they take */
  way: number;
  slot: number;
}

/** What reviewers judge: its row comes with that of the appeal, or of the inspection. */
export interface ReviewsTable {
  id: string;
  sanction: string;
  appeal: GeneratedAlways<string | null>;
  inspection: GeneratedAlways<string | null>;
}

/** A reviewer on a case; assigned first, then keyed by the signed claim. */
export interface AssignmentsTable {
  review: string;
  sanction: string;
  holder: string;
  kid: string;
  at: Date;
  statement: string | null;
  sealing_kid: string | null;
  keyed_at: Date | null;
  expires_at: Date;
  released_at: Date | null;
  released_as: 'recused' | 'expired' | 'decided' | 'closed' | null;
  /** The first appeal of the assignment: itself, unless others on the same evidence came along */
  batch: string;
}

/** One reviewer's decision; with two reviewers, a vote that nobody is told until both are in. */
export interface DecisionsTable {
  sanction: string;
  holder: string;
  review: string;
  kid: string;
  outcome: DecisionOutcome | InspectionOutcome;
  cause: string | null;
  artefact: string;
  reasons: Uint8Array;
  at: Date;
  /** One more than its reviewer reverses or amends in a day on their own word */
  serial: boolean;
}

/** Bytes that a delivery brought: the JWE, sealed by a key of its own. */
export interface SealedEvidenceTable {
  id: string;
  sealed: Uint8Array;
}

export interface DeliveriesTable {
  review: string;
  sanction: string;
  item: number;
  round: number;
  sealed_to: string[];
  /** The key of its bytes, sealed under that of the case */
  sealed: Uint8Array | null;
  /** Its bytes, which may serve other appeals, too */
  evidence: string;
  at: Date;
  rejected_at: Date | null;
  rejected_why: 'illegal-media' | 'third-party-data' | 'mismatch' | null;
}

/** One reviewer says that a delivery does not fit, and another looks at the same bytes. */
export interface DisputesTable {
  review: string;
  sanction: string;
  item: number;
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

export interface QuestionsTable {
  id: string;
  appeal: string;
  sanction: string;
  holder: string;
  kind: 'question' | 'gist';
  text: Uint8Array;
  asked_at: Date;
  due_at: Date;
  answer: Uint8Array | null;
  answered_at: Date | null;
  /** Whom it is put to; none where it is put to everybody who appeals */
  claimant: string | null;
  answered_by: string | null;
}

export interface CaseInformationTable {
  appeal: string;
  sanction: string;
  claimant: string;
  position: number;
  text: Uint8Array;
  at: Date;
  way: number;
  slot: number;
}

export interface CaseFilesTable {
  appeal: string;
  sanction: string;
  claimant: string;
  position: number;
  /** JSON of name, media type and base64 bytes, sealed under the case key */
  sealed: Uint8Array;
  size: number;
  at: Date;
  way: number;
  slot: number;
}

/** A one-time proof that was asked for. Its identifier is not kept: the proof is a MAC over it. */
export interface FindsTable {
  id: string;
  kind: 'email' | 'phone' | 'domain' | 'wallet';
  at: Date;
  expires_at: Date;
  tries: Generated<number>;
  used_at: Date | null;
}

/** A platform's word that whoever made the request controls an account or IBAN. */
export interface TicketsTable {
  request: string;
  party: string;
  lookup: Uint8Array;
  epoch: number;
  kind: 'account' | 'iban';
  at: Date;
  expires_at: Date;
  used_at: Date | null;
}

export interface GuessesTable {
  hour: Date;
  n: number;
}

export interface AlarmsTable {
  id: string;
  kind: string;
  counts: ColumnType<Record<string, number>, Record<string, number>, never>;
  at: Date;
  /** Whose checks it stopped */
  party: Generated<string | null>;
  explained_at: Generated<Date | null>;
  explained: Generated<AlarmExplanation | null>;
}
