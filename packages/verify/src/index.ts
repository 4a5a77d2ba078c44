export { allEntries } from './all-entries.ts';
export type { CaseLife, CaseRecall, PlacedOpening } from './case-life.ts';
export { readCaseReceipt, withProofs, type CaseReceipt } from './case-receipt.ts';
export { openCheckpoint, verifyProof, type SignedCheckpoint } from './checkpoint.ts';
export { VerifyError, verifyErrorTitles, type Finding, type VerifyErrorCode } from './errors.ts';
export { LogSource, type ReadLogFile } from './log-source.ts';
export { mirrorLog, type LogCopy, type MirrorResult, type MirrorInput } from './mirror-log.ts';
export {
  promisedProof,
  readReceipt,
  verifyReceipt,
  type GivenReceipt,
  type PromisedEntry,
} from './receipt.ts';
export type { RecallCounts } from './recall-rules.ts';
export type { ReplaySummary } from './replay.ts';
export {
  assertKeyOf,
  followPolicy,
  logJwk,
  logKeyOf,
  type PolicyTrail,
  type TrustedLog,
} from './trusted-log.ts';
export { verifyCase, type VerifiedCase } from './verify-case.ts';
export {
  lookAgain,
  verifyLedger,
  type LedgerState,
  type Look,
  type Progress,
  type VerifiedLedger,
  type VerifyInput,
} from './verify-ledger.ts';
