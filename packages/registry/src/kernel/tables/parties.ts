import type { Alg, PublicJwk, ReasonCode, Registration, Role } from '@recourse/protocol';
import type { ColumnType, Generated } from 'kysely';

/** postgres.js serialises by the column's type: values go in as they are, never as text of their own. */
type Jsonb<T> = ColumnType<T, T, T>;

/** A group that a party is in, or was. */
export interface PartyGroupsTable {
  party: string;
  group_name: string;
  since: Date;
  until: Date | null;
  /** Who objected that it was not disclosed */
  by_party: string | null;
  /** What the panel was asked then */
  item: string | null;
}

/** One row a party. Platforms have a registration; the panel and the operator do not. */
export interface PartiesTable {
  id: string;
  kind: 'platform' | 'panel' | 'operator';
  name: string;
  registration: Jsonb<Registration | null>;
  enrolment_kid: string | null;
  registered_at: Date;
  /** Open to objection until then */
  objections_until: Date | null;
  /** It checks and submits from here on; none while an objection waits, or was upheld */
  active_from: Date | null;
  probation_until: Date | null;
  left_at: Date | null;
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
  /** From then on the cases that a reviewer gave back are counted anew */
  excused_at: Generated<Date | null>;
  /** Of a reviewer, as the invitation published them */
  languages: Generated<string[]>;
  /** Codes whose cases they are not assigned */
  opt_out: Generated<ReasonCode[]>;
}

/** Platforms whose cases a reviewer may not decide. */
export interface AffiliationsTable {
  holder: string;
  party: string;
  until: Date | null;
}

/** Sitting reviewers who signed for a new one. */
export interface CountersignaturesTable {
  holder: string;
  by_holder: string;
  kid: string;
  statement: string;
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
  /** JCS of its `key-added` */
  entry: string;
  /** JCS of its latest `key-revoked` */
  revocation: string | null;
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
/** New first keys of a platform that lost its admin key. */
export interface ReenrolmentsTable {
  /** H of the code that the new admin enrols with */
  invite: string;
  party: string;
  holder: string;
  /** H of the signed call that executed it */
  call: string;
  announced_at: Date;
  effective_at: Date;
  lapses_at: Date;
  /** JCS of the entry that announced it */
  entry: string;
  stopped_at: Date | null;
  stopped_by: string | null;
  kid: string | null;
  enrolled_at: Date | null;
}

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
