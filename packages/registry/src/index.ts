export { api, type ApiRouter } from './api.ts';
export { type Answer } from './audit/answer.ts';
export { type CallHandler } from './audit/handle-call.ts';
export { type CaseAnswer, type CaseHandler } from './audit/handle-case.ts';
export { insertPending } from './audit/store.ts';
export { bounds, deadlinesOf, type BoundName, type Deadlines } from './bounds.ts';
export { createCallHandler, createCaseHandler } from './calls.ts';
export { deliverNotices, type DeliveredNotices } from './notices/deliver-notices.ts';
export { mailNews, type MailedNews } from './cases/mail-news.ts';
export { placeOf } from './cases/sealed-columns.ts';
export { Vault } from './cases/vault.ts';
export {
  looksWithoutAsking,
  steadyShare,
  surplusBuckets,
  surplusEmpties,
  windowElements,
} from './checks/alarm.rules.ts';
export type { PublishedSets } from './checks/published-sets.ts';
export { connect } from './connect.ts';
export {
  contextOf,
  type Flagger,
  type IdentityProofs,
  type NewsMail,
  type NoticeMessage,
  type NoticeSender,
  type Services,
  type TokenEpoch,
  type TokenService,
} from './context.ts';
export type { Database, Db } from './database.ts';
export { countAlarms, type AlarmCounts } from './due/alarm-store.ts';
export { alarmKey, Alarms, type Swept } from './due/alarms.ts';
export { countDueByKind, settleDue, type Settled } from './due/settle-due.ts';
export { migrate } from './migrate.ts';
export { serviceRole } from './migrations/grants.ts';
export { nodeSigner, nodeVerifier } from './node-crypto.ts';
export { bootstrapOperator, type BootstrapInvite } from './parties/bootstrap.ts';
export { listParties, partyKeys, type DirectoryEntry } from './parties/directory.ts';
export { readGovernance, type Governance } from './parties/governance.ts';
export type { PeopleNames } from './parties/people.ts';
export { publicApi, type PublicApi, type PublicContext } from './parties/public-router.ts';
export {
  createTokenService,
  type SecretEpoch,
  type TokenServiceOptions,
} from './tokens/token-service.ts';
export { readFacts, recordFacts, type RegistryFact } from './transparency/facts-store.ts';
export { problemOf } from './audit/answer.ts';
export { checkTree, type TreeFault } from './ledger/check-tree.ts';
export { diagnose, type Compared } from './ledger/doctor/diagnose.ts';
export type { Difference, DifferenceCode } from './ledger/doctor/difference.ts';
export { isUnknownCheckpoint } from './ledger/known-checkpoints.ts';
export { readRotations } from './tokens/store.ts';
export { logFirstPolicy } from './ledger/first-policy.ts';
export { LedgerFault, type LedgerFaultCode } from './ledger/ledger-fault.ts';
export { LedgerGuard } from './ledger/ledger-guard.ts';
export { LedgerReader } from './ledger/ledger-reader.ts';
export { readState } from './ledger/store.ts';
export {
  recoverLedger,
  type Recovered,
  type Recovering,
} from './ledger/recovery/recover-ledger.ts';
export { RecoveryRefusal, type RecoveryRefusalCode } from './ledger/recovery/recovery-refusal.ts';
export type { LogCopy } from './ledger/recovery/log-copy.ts';
export { Sequencer } from './ledger/sequencer.ts';
export { insertCosignature, servedSize } from './ledger/served-store.ts';
export { serveCheckpoint } from './ledger/serve-checkpoint.ts';
export { compareLedger, signCheckpoint } from './ledger/sign-checkpoint.ts';
export { newestCheckpoint } from './ledger/store.ts';
export { readWitnessRound, type WitnessRound } from './ledger/witness-round.ts';
export {
  policyIn,
  readPolicies,
  type AskedWitness,
  type PolicyEntry,
} from './ledger/witness-store.ts';
export { KnownSets } from './prefixes/known-sets.ts';
export { LookedAtSets } from './prefixes/published.ts';
export { PrefixPublisher, type Published } from './prefixes/publisher.ts';
export { readSnapshot } from './prefixes/version-store.ts';
export { lives, type Life, type Retained } from './retention/retained.ts';
export { retention } from './retention/retention.ts';
export { Allowances } from './sanctions/allowances.ts';
export { renewReport } from './transparency/renew-report.ts';
export { storedReport, type StoredReport } from './transparency/report-store.ts';
