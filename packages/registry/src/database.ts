import type {
  Alg,
  Control,
  IdentifierKind,
  Outcome,
  PublicJwk,
  Purpose,
  ReasonCode,
  Registration,
  Role,
} from '@recourse/protocol';
import type { ColumnType, Generated, Kysely, Transaction } from 'kysely';

/** postgres.js serialises by the column's type: values go in as they are, never as text of their own. */
type Jsonb<T> = ColumnType<T, T, T>;

/** What the database remembers of the registry it belongs to; never a secret, never changed. */
export interface RegistryFactsTable {
  name: string;
  value: string;
}

/** One row a party. Platforms have a registration; the panel and the operator do not. */
export interface PartiesTable {
  id: string;
  kind: 'platform' | 'panel' | 'operator';
  name: string;
  registration: Jsonb<Registration | null>;
  group_name: string;
  enrolment_kid: string | null;
  registered_at: Date;
  submissions_suspended: Generated<boolean>;
  checks_stopped: Generated<boolean>;
  submissions_per_day: number | null;
  elements_per_day: number | null;
  /** Reasons that name a criminal offence and were enabled for this platform */
  enabled_reasons: Generated<ReasonCode[]>;
}

export interface HoldersTable {
  id: string;
  party: string;
  term_until: Date | null;
  removed_at: Date | null;
}

/** Platforms whose cases a reviewer may not decide. */
export interface AffiliationsTable {
  holder: string;
  party: string;
  until: Date | null;
}

export interface InvitesTable {
  /** H of the one-time code */
  code_hash: string;
  id: string;
  party: string;
  holder: string;
  role: Role;
  admin: boolean;
  created_at: Date;
  expires_at: Date;
  redeemed_at: Date | null;
}

/** Keys that an admin key, or the enrolment itself, made valid. */
export interface KeysTable {
  kid: string;
  party: string;
  holder: string;
  role: Role;
  admin: boolean;
  alg: Alg;
  jwk: Jsonb<PublicJwk>;
  /** `recourse-enrol+jwt` of the enrolment key, `recourse-key+jwt` of every other */
  statement: string;
  /** Position in the chain: a signer comes before what it signed */
  position: number;
  active_from: Date;
  revoked_at: Date | null;
  revoked_why: 'retired' | 'compromised' | null;
  compromised_since: Date | null;
}

/** Proven keys that wait for a statement by an admin key. */
export interface EnrolmentsTable {
  kid: string;
  party: string;
  holder: string;
  role: Role;
  admin: boolean;
  enrolment: string;
  enrolled_at: Date;
}

/** Acts of two operator holders. */
export interface ProposalsTable {
  id: string;
  op: string;
  input_hash: string;
  proposed_by: string;
  proposed_at: Date;
  execute_before: Date;
  executed_by: string | null;
  executed_at: Date | null;
}

/** One row a call; never its input or its answer. */
export interface AuditTable {
  kid: string;
  jti: string;
  iss: string;
  exp: Date;
  op: string;
  req: string;
  res: string;
  status: number;
  at: Date;
  cost: number;
}

/** Answers of mutations, for retries: no secret is in them. Kept 30 days. */
export interface AnswersTable {
  kid: string;
  jti: string;
  iss: string;
  op: string;
  idem: string | null;
  input_hash: string;
  req: string;
  status: number;
  body: string;
  receipt: string;
  at: Date;
}

/** Entries that wait for the sequencer, which alone gives them an index. */
export interface LedgerPendingTable {
  seq: Generated<string>;
  /** JCS of the entry */
  entry: string;
  at: Date;
}

/** What opens an entry. Openings of a case are sealed under its key and die with it. */
export interface OpeningsTable {
  kid: string;
  jti: string;
  position: number;
  /** Who may read it: the caller, or the platform told that a pair entry names */
  party: string;
  sanction: string | null;
  /** JSON when public, sealed under the case key when of a case */
  opening: Uint8Array;
}

/** The key of a case, wrapped by a key that is not in the database. Erasing the row erases the case. */
export interface CaseKeysTable {
  sanction: string;
  wrapped: Uint8Array;
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
  submitted_at: Date | null;
  notice_due_at: Date | null;
  withheld_ground: string | null;
  notified_at: Date | null;
  /** Checks are answered from here on */
  visible_from: Date | null;
  version: Generated<number>;
  disputed: Generated<boolean>;
  prior_match: boolean;
  evades: string | null;
  ref: string | null;
  /** H of the case code */
  case_key: string;
  /** The eight leaf commitments of the subject tree, base64url */
  commitments: string[];
  /** The account of facts and its salt, sealed under the case key */
  account: Uint8Array;
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
  /** Salt and token, sealed under the case key */
  sealed: Uint8Array;
}

/** Serialises submissions of one platform about one subject. */
export interface SubmitterSubjectsTable {
  party: string;
  lookup: Uint8Array;
  submissions: number;
}

/** Ends are rows of their own, inserted once, never changed. */
export interface EndsTable {
  sanction: string;
  kind: 'withdrawn' | 'reversed';
  cause: string;
  at: Date;
  by_party: string;
  /** The signed withdrawal or decision; none where a deadline or a void ended it */
  artefact: string | null;
}

export interface SuspensionsTable {
  sanction: string;
  cause: string;
  since: Date;
  lifted_at: Date | null;
}

/** Append-only history of a sanction. */
export interface SanctionEventsTable {
  sanction: string;
  position: number;
  version: number;
  event: string;
  cause: string | null;
  at: Date;
}

export interface ChecksTable {
  id: string;
  party: string;
  purpose: Purpose;
  elements: number;
  proven_at: Date | null;
  at: Date;
}

/** That a platform was told of a version of a sanction: what a recall is owed for. */
export interface DisclosuresTable {
  sanction: string;
  version: number;
  party: string;
  at: Date;
}

/** One sanction disclosed to one platform by one check. */
export interface MatchesTable {
  id: string;
  check_id: string;
  party: string;
  sanction: string;
  version: number;
  purpose: Purpose;
  told_at: Date;
  due_at: Date;
  outcome: Outcome | null;
  outcome_at: Date | null;
  reviewed_at: Date | null;
  notice_sent_at: Date | null;
}

/** The duty of a platform that was told to undo, pause or correct. */
export interface RecallsTable {
  id: string;
  sanction: string;
  version: number;
  party: string;
  kind: 'undo' | 'pause' | 'correct';
  issued_at: Date;
  due_at: Date;
}

/** Refused submissions, counted for the public report. */
export interface RefusalsTable {
  party: string;
  day: string;
  code: string;
  detail: string;
  n: number;
}

export interface Database {
  registry_facts: RegistryFactsTable;
  parties: PartiesTable;
  holders: HoldersTable;
  affiliations: AffiliationsTable;
  invites: InvitesTable;
  keys: KeysTable;
  enrolments: EnrolmentsTable;
  proposals: ProposalsTable;
  audit: AuditTable;
  answers: AnswersTable;
  ledger_pending: LedgerPendingTable;
  openings: OpeningsTable;
  case_keys: CaseKeysTable;
  kept_calls: KeptCallsTable;
  sanctions: SanctionsTable;
  subjects: SubjectsTable;
  submitter_subjects: SubmitterSubjectsTable;
  ends: EndsTable;
  suspensions: SuspensionsTable;
  sanction_events: SanctionEventsTable;
  checks: ChecksTable;
  disclosures: DisclosuresTable;
  matches: MatchesTable;
  recalls: RecallsTable;
  refusals: RefusalsTable;
}

export type Db = Kysely<Database>;
export type Trx = Transaction<Database>;
