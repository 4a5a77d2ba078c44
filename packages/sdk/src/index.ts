export type { Appeals, Concession, Stand } from './appeals/appeals.ts';
export { connect, type ConnectOptions, type Recourse } from './connect.ts';
export type {
  CheckAnswer,
  CheckOptions,
  CheckResult,
  CheckSource,
  CheckUnavailable,
  LaterCheck,
  SignupCheck,
} from './checks/check.ts';
export type { ToldMatch, VerifiedMatch, WithheldMatch } from './checks/verify-match.ts';
export {
  isRecourseError,
  RecourseError,
  type Issue,
  type RecourseErrorCode,
  type SdkErrorCode,
} from './errors.ts';
export type { EvidenceDelivery, Delivery, KeptEvidence } from './evidence/deliver.ts';
export type { DisputedItem, RecheckResult } from './evidence/dispute.ts';
export type { EvidenceExchange } from './evidence/evidence.ts';
export type { OpenedEvidence } from './evidence/open.ts';
export type { UnfitReason } from './evidence/seal.ts';
export {
  memorySealingKeys,
  type PrivateSealingKey,
  type SealingKeyName,
  type SealingKeys,
} from './session/sealing-keys.ts';
export type { Creator } from './identifiers.ts';
export type { OpenedBook } from './journals/books.ts';
export type { JournalEntry, JournalSharing } from './journals/journal-entry.ts';
export type { Journals, OpenedJournal } from './journals/journals.ts';
export type { NewKey } from './keys/add-key.ts';
export type { Ledger, VerifiedCheckpoint, WaitOptions } from './ledger/ledger-client.ts';
export { memoryLedgerStore, type KeptCheckpoint, type LedgerStore } from './ledger/ledger-store.ts';
export { OwnLedgerError, type OwnFinding } from './own-ledger/own-ledger-error.ts';
export type { OwnEntry } from './own-ledger/own-openings.ts';
export type { ToldVersion } from './ledger/told-disclosures.ts';
export type { OwnReport, VerifyOwnOptions } from './own-ledger/verify-own.ts';
export type { Operations } from './operations.ts';
export type { Burden, BurdenReport, OtherReport, OutcomeReport, Outcomes } from './outcomes.ts';
export type { Parties, QuarterlyStatement } from './parties/parties.ts';
export { memoryPins, type PinStore } from './pins.ts';
export type { FollowOptions } from './prefixes/follow-sets.ts';
export type { SetState } from './prefixes/prefix-sets.ts';
export type { Prefixes } from './prefixes/prefixes.ts';
export type { KeptSet, SetStore } from './prefixes/set-store.ts';
export type { Recalls } from './recalls/recalls.ts';
export type {
  IdentifiersOf,
  Retokenisation,
  RetokeniseOptions,
  RetokeniseResult,
} from './sanctions/retokenise.ts';
export type { Seat } from './review/countersign.ts';
export type { DecisionInput } from './review/decide.ts';
export type { OpenOutcome, ReadCase } from './review/read-case.ts';
export type { Review } from './review/review.ts';
export type { VoteInput } from './review/vote.ts';
export type { TakenCase, TakeOptions } from './review/take.ts';
export type {
  DerivedConfirmationResult,
  DerivedOrder,
  OwnEvidence,
} from './sanctions/confirm-derived.ts';
export type { DsaOrder } from './sanctions/dsa.ts';
export type { Evidence, EvidenceOpening, EvidenceSource } from './commitments.ts';
export type { NoticeOrder, NoticeText } from './sanctions/notice-text.ts';
export type { NoticeOutcome, TellOrder } from './sanctions/tell.ts';
export type { Journal } from './session/journal.ts';
export type { OwnRecord } from './sanctions/own-record.ts';
export type { Outbox, SubmissionIntent } from './session/outbox.ts';
export type { ProvenIdentifier, SanctionInput } from './sanctions/sanction-input.ts';
export type {
  DraftedSanction,
  PreparedSanction,
  Sanctions,
  SubmittedSanction,
} from './sanctions/sanctions.ts';
export {
  signWithdrawal,
  type Lifting,
  type SignedWithdrawal,
  type WithdrawalOrder,
  type WithdrawnSanction,
} from './sanctions/withdraw.ts';
export type { Signers } from './signers.ts';
export type { IdentifierHandover } from './subjects/challenge.ts';
export type { Subjects } from './subjects/subjects.ts';
export type { Answer, AnswerChanges } from './transport/answer.ts';
export type { RetryPolicy } from './transport/backoff.ts';
export type { CallOptions } from './transport/transport.ts';
export { enrol, type EnrolledKey, type EnrolOptions } from './keys/enrol.ts';
export { verifyEvidence, type LedgerEvidence, type LedgerFinding } from '@recourse/protocol';
