export { connect, type ConnectOptions, type Recourse } from './connect.ts';
export type { CheckOptions, CheckResult } from './checks/check.ts';
export type { VerifiedMatch } from './checks/verify-match.ts';
export {
  isRecourseError,
  RecourseError,
  type Issue,
  type RecourseErrorCode,
  type SdkErrorCode,
} from './errors.ts';
export type { Creator } from './identifiers.ts';
export type { NewKey } from './keys/add-key.ts';
export type { Operations } from './operations.ts';
export type { OutcomeReport, Outcomes } from './outcomes.ts';
export { memoryPins, type PinStore } from './pins.ts';
export type { Evidence, EvidenceOpening, EvidenceSource } from './sanctions/evidence.ts';
export type { Outbox, SubmissionIntent } from './sanctions/outbox.ts';
export type { ProvenIdentifier, SanctionInput } from './sanctions/sanction-input.ts';
export type {
  DraftedSanction,
  PreparedSanction,
  Sanctions,
  SubmittedSanction,
} from './sanctions/sanctions.ts';
export type { WithdrawalOrder } from './sanctions/withdraw.ts';
export type { Signers } from './signers.ts';
export type { Answer, AnswerChanges } from './transport/answer.ts';
export type { RetryPolicy } from './transport/backoff.ts';
export type { CallOptions } from './transport/transport.ts';
export { enrol, type EnrolledKey, type EnrolOptions } from './keys/enrol.ts';
