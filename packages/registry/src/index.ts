export { api, publicApi, type ApiRouter, type PublicApi, type PublicContext } from './api.ts';
export { type Answer } from './commit/answer.ts';
export { GroupCommit, type Committing, type PendingRead } from './calls/group-commit.ts';
export {
  orRecovering,
  type CallAnswer,
  type CallHandler,
  type CallHandlerOptions,
  type CallStep,
} from './calls/handle-call.ts';
export { type CaseAnswer, type CaseHandler } from './calls/handle-case.ts';
export { insertPending } from './commit/store.ts';
export { bounds, type BoundName, type Deadlines } from '@recourse/protocol/review';
export { deadlinesOf } from './deadlines.ts';
export { createCallHandler, createCaseHandler, makeServices, recoverLedger } from './registry.ts';
export { deliverNotices, type DeliveredNotices } from './cases/notices/deliver-notices.ts';
export { letterByCode, letterCode, readLetterCode, type LetterFacts } from './cases/letter-code.ts';
export { mailNews, type MailedNews } from './cases/mail-news.ts';
export { placeOf } from './vault/vault.ts';
export { Vault } from './vault/vault.ts';
export {
  looksWithoutAsking,
  steadyShare,
  surplusBuckets,
  surplusEmpties,
  windowElements,
} from './lookup/checks/alarm.rules.ts';

export type { PublishedSets } from './context/published-sets.ts';
export { postgresAddress, postgresAddresses } from './kernel/postgres-address.ts';
export { connect, connectionsOf, hostsOf, openSession } from './kernel/connect.ts';
export { connectionCode, type HostFigures } from './kernel/postgres-hosts.ts';
export {
  contextOf,
  type Flagger,
  type IdentityProofs,
  type NewsMail,
  type NoticeMessage,
  type NoticeSender,
  type RegistryOptions,
  type Services,
  type TokenEpoch,
  type TokenService,
} from './context/context.ts';

export type { Database, Db } from './kernel/database.ts';
export { dueKinds, paceOf, paces, timers } from './scheduler/due-kinds.ts';

export type { LockHolder } from './kernel/lock-holders.ts';
export { countFailing, type FailureCount } from './scheduler/failure-store.ts';
export { countDueByKind, settleDue, settleKind } from './scheduler/settle-due.ts';
export {
  isLockedOut,
  migrate,
  type Migrating,
  pendingSteps,
  readSchema,
  schemaDigests,
  type SchemaState,
} from './migrate.ts';
export { definition } from './migrations/definition.ts';
export { serviceRole } from './migrations/grants.ts';
export { packCalls } from './commit/packed-calls.ts';
export { isContract, type SchemaStep, steps, textOf } from './migrations/steps.ts';
export { nodeSigner, nodeVerifier } from './kernel/node-crypto.ts';
export { bootstrapOperator, type BootstrapInvite } from './parties/bootstrap.ts';
export { listParties, partyKeys, type DirectoryEntry } from './parties/directory.ts';
export { readGovernance, type Governance } from './parties/governance.ts';

export type { PeopleNames } from './parties/people.ts';
export {
  createTokenService,
  type SecretEpoch,
  type TokenServiceOptions,
} from './lookup/epochs/token-service.ts';
export { readFacts, recordFacts, type RegistryFact } from './commit/facts-store.ts';
export { problemOf, refusal } from './commit/answer.ts';
export { assertReached } from './commit/extent-store.ts';
export { checkTree, type TreeFault } from './log/check-tree.ts';
export type { ComparedTable } from './readers/doctor/diagnose.ts';
export { examineLedger, type Examination } from './readers/doctor/examine-ledger.ts';

export type { Difference, DifferenceCode } from './readers/entries/difference.ts';
export { readFigures, waitsOf, type Figures } from './readers/figures/read-figures.ts';
export { isUnknownCheckpoint } from './log/known-checkpoints.ts';
export { readRotations } from './lookup/epochs/store.ts';
export { logFirstPolicy } from './log/first-policy.ts';
export { LedgerFault, type LedgerFaultCode } from './log/ledger-fault.ts';
export { LedgerGuard, type LateReason } from './log/ledger-guard.ts';
export { LedgerReader } from './log/ledger-reader.ts';
export { readState, tilesOf } from './log/store.ts';
export { type RecoveryResult } from './readers/recovery/recover-ledger.ts';
export { RecoveryRefusal, type RecoveryRefusalCode } from './readers/recovery/recovery-refusal.ts';

export type { LogCopy } from './readers/recovery/log-copy.ts';
export { Sequencer } from './log/sequencer.ts';
export { insertCosignature, servedSize } from './log/served-store.ts';
export { serveCheckpoint } from './log/serve-checkpoint.ts';
export {
  compareLedger,
  signCheckpoint,
  SignedHistory,
  sizeOfNote,
  type OutsideCheckpoints,
} from './log/sign-checkpoint.ts';
export { newestCheckpoint } from './log/store.ts';
export { readWitnessRound, type WitnessRound } from './log/witness-round.ts';
export {
  policyIn,
  readPolicies,
  type AskedWitness,
  type PolicyEntry,
} from './log/witness-store.ts';
export { PrefixPublisher, type PublishResult } from './lookup/prefixes/publisher.ts';
export { readSnapshot } from './lookup/prefixes/version-store.ts';
export { lives, type Life, type RetentionRule } from './schema/keep.ts';
export { retention } from './schema/retention.ts';

export type { OperatorStatement } from './readers/report/make-report.ts';
export { renewReport } from './readers/report/renew-report.ts';
export { countReport, storedReport, type StoredReport } from './readers/report/report-store.ts';
