import type { Kysely } from 'kysely';
import type { RetokenisationsTable, RotationsTable } from './tables/epochs.ts';
import type {
  CheckedSubjectsTable,
  DerivedRecordsTable,
  DerivedReviewsTable,
  EvidenceCommitmentsTable,
} from './tables/derived-records.ts';
import type { InquiriesTable } from './tables/inquiries.ts';
import type {
  PartiesTable,
  PartyGroupsTable,
  HoldersTable,
  AffiliationsTable,
  CountersignaturesTable,
  InvitesTable,
  KeysTable,
  EnrolmentsTable,
  ProposalsTable,
  ReenrolmentsTable,
} from './tables/parties.ts';
import type {
  RegistryFactsTable,
  AuditTable,
  AnswersTable,
  OpeningsTable,
  RefusalsTable,
  DueFailuresTable,
} from './tables/records.ts';
import type {
  CaseCodesTable,
  CaseKeysTable,
  KeptCallsTable,
  SanctionsTable,
  SubjectsTable,
  SubmitterSubjectsTable,
  EndsTable,
  SuspensionsTable,
  SanctionEventsTable,
} from './tables/cases.ts';
import type {
  AlarmsTable,
  AppealsTable,
  CaseAccessTable,
  CaseContactsTable,
  CaseFilesTable,
  AppealJoinsTable,
  ClaimantsTable,
  ClaimantWaysTable,
  CaseInformationTable,
  AssignmentsTable,
  DecisionsTable,
  DeliveriesTable,
  SealedEvidenceTable,
  DisputesTable,
  FindsTable,
  GuessesTable,
  QuestionsTable,
  TicketsTable,
  ReviewsTable,
} from './tables/appeals.ts';
import type { JournalsTable, SealingKeysTable } from './tables/journals.ts';
import type { RedecisionsTable } from './tables/redecisions.ts';
import type {
  InspectionDrawsTable,
  InspectionsTable,
  ChallengesTable,
  PanelItemsTable,
  PanelVotesTable,
  PartySuspensionsTable,
  PartyWarningsTable,
} from './tables/panel.ts';
import type {
  LedgerCheckpointsTable,
  LedgerCosignaturesTable,
  LedgerEntriesTable,
  LedgerPendingTable,
  LedgerLossesTable,
  LedgerRecoveriesTable,
  LedgerServedTable,
  LedgerStateTable,
  LedgerTilesTable,
  WitnessesTable,
  WitnessPoliciesTable,
} from './tables/ledger.ts';
import type {
  AcknowledgementsTable,
  CheckMetersTable,
  ChecksTable,
  DisclosuresTable,
  EventsTable,
  MatchesTable,
  RecallsTable,
} from './tables/checks.ts';
import type {
  AdmissionsTable,
  AttestationsTable,
  AuthorityDemandsTable,
  ObjectionsTable,
  OrdersTable,
} from './tables/membership.ts';
export type * from './tables/membership.ts';
import type {
  ListedSubjectsTable,
  PrefixChangesTable,
  PrefixCountsTable,
  PrefixSetsTable,
  PrefixSnapshotsTable,
  PrefixTurnTable,
  PrefixVersionsTable,
} from './tables/prefixes.ts';
import type { TransparencyReportTable } from './tables/transparency.ts';
import type { ErasureRequestsTable, RememberedTable } from './tables/retention.ts';
import type { NoticeDeliveriesTable } from './tables/notices.ts';
import type { NoticeReviewsTable, PanelTurnsTable } from './tables/review.ts';
export type * from './tables/appeals.ts';
export type * from './tables/parties.ts';
export type * from './tables/records.ts';
export type * from './tables/cases.ts';
export type * from './tables/checks.ts';
export type * from './tables/derived-records.ts';
export type * from './tables/epochs.ts';
export type * from './tables/inquiries.ts';
export type * from './tables/ledger.ts';
export type * from './tables/prefixes.ts';
export type * from './tables/retention.ts';
export type * from './tables/notices.ts';
export type * from './tables/review.ts';
export type * from './tables/transparency.ts';
export type * from './tables/redecisions.ts';
export type * from './tables/panel.ts';

export interface Database {
  registry_facts: RegistryFactsTable;
  parties: PartiesTable;
  party_groups: PartyGroupsTable;
  holders: HoldersTable;
  affiliations: AffiliationsTable;
  countersignatures: CountersignaturesTable;
  invites: InvitesTable;
  keys: KeysTable;
  enrolments: EnrolmentsTable;
  proposals: ProposalsTable;
  reenrolments: ReenrolmentsTable;
  audit: AuditTable;
  answers: AnswersTable;
  ledger_pending: LedgerPendingTable;
  ledger_state: LedgerStateTable;
  ledger_entries: LedgerEntriesTable;
  ledger_tiles: LedgerTilesTable;
  ledger_checkpoints: LedgerCheckpointsTable;
  ledger_recoveries: LedgerRecoveriesTable;
  ledger_losses: LedgerLossesTable;
  ledger_cosignatures: LedgerCosignaturesTable;
  ledger_served: LedgerServedTable;
  witnesses: WitnessesTable;
  witness_policies: WitnessPoliciesTable;
  openings: OpeningsTable;
  case_codes: CaseCodesTable;
  case_keys: CaseKeysTable;
  kept_calls: KeptCallsTable;
  sanctions: SanctionsTable;
  subjects: SubjectsTable;
  submitter_subjects: SubmitterSubjectsTable;
  sealing_keys: SealingKeysTable;
  journals: JournalsTable;
  ends: EndsTable;
  suspensions: SuspensionsTable;
  sanction_events: SanctionEventsTable;
  check_meters: CheckMetersTable;
  checks: ChecksTable;
  disclosures: DisclosuresTable;
  matches: MatchesTable;
  rotations: RotationsTable;
  retokenisations: RetokenisationsTable;
  checked_subjects: CheckedSubjectsTable;
  derived_records: DerivedRecordsTable;
  evidence_commitments: EvidenceCommitmentsTable;
  derived_reviews: DerivedReviewsTable;
  inquiries: InquiriesTable;
  recalls: RecallsTable;
  acknowledgements: AcknowledgementsTable;
  events: EventsTable;
  claimants: ClaimantsTable;
  claimant_ways: ClaimantWaysTable;
  appeal_joins: AppealJoinsTable;
  case_access: CaseAccessTable;
  case_contacts: CaseContactsTable;
  notice_deliveries: NoticeDeliveriesTable;
  appeals: AppealsTable;
  reviews: ReviewsTable;
  assignments: AssignmentsTable;
  decisions: DecisionsTable;
  deliveries: DeliveriesTable;
  sealed_evidence: SealedEvidenceTable;
  disputes: DisputesTable;
  questions: QuestionsTable;
  case_information: CaseInformationTable;
  case_files: CaseFilesTable;
  finds: FindsTable;
  tickets: TicketsTable;
  guesses: GuessesTable;
  alarms: AlarmsTable;
  panel_turns: PanelTurnsTable;
  notice_reviews: NoticeReviewsTable;
  inspection_draws: InspectionDrawsTable;
  inspections: InspectionsTable;
  redecisions: RedecisionsTable;
  panel_items: PanelItemsTable;
  panel_votes: PanelVotesTable;
  challenges: ChallengesTable;
  party_warnings: PartyWarningsTable;
  party_suspensions: PartySuspensionsTable;
  refusals: RefusalsTable;
  due_failures: DueFailuresTable;
  objections: ObjectionsTable;
  admissions: AdmissionsTable;
  authority_demands: AuthorityDemandsTable;
  attestations: AttestationsTable;
  orders: OrdersTable;
  transparency_report: TransparencyReportTable;
  remembered: RememberedTable;
  erasure_requests: ErasureRequestsTable;
  prefix_changes: PrefixChangesTable;
  prefix_turn: PrefixTurnTable;
  listed_subjects: ListedSubjectsTable;
  prefix_sets: PrefixSetsTable;
  prefix_counts: PrefixCountsTable;
  prefix_versions: PrefixVersionsTable;
  prefix_snapshots: PrefixSnapshotsTable;
}

export type Db = Kysely<Database>;
