import type { Kysely } from 'kysely';
import type {
  PartiesTable,
  HoldersTable,
  AffiliationsTable,
  InvitesTable,
  KeysTable,
  EnrolmentsTable,
  ProposalsTable,
} from './tables/parties.ts';
import type {
  RegistryFactsTable,
  AuditTable,
  AnswersTable,
  LedgerPendingTable,
  OpeningsTable,
  RefusalsTable,
} from './tables/records.ts';
import type {
  CaseKeysTable,
  KeptCallsTable,
  SanctionsTable,
  SubjectsTable,
  SubmitterSubjectsTable,
  EndsTable,
  SuspensionsTable,
  SanctionEventsTable,
} from './tables/cases.ts';
import type { ChecksTable, DisclosuresTable, MatchesTable, RecallsTable } from './tables/checks.ts';
export type * from './tables/parties.ts';
export type * from './tables/records.ts';
export type * from './tables/cases.ts';
export type * from './tables/checks.ts';

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
