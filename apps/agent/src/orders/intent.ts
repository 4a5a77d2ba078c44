import type { Id, OpOutput, ReviewId, WithdrawalCause } from '@recourse/protocol';
import type {
  EvidenceDelivery,
  NoticeOutcome,
  SignedWithdrawal,
  SubmissionIntent,
  SubmittedSanction,
  WithdrawnSanction,
} from '@recourse/sdk';
import type {
  AcknowledgementOrder,
  EvidenceOrder,
  NoticeOrder,
  OutcomesOrder,
  SanctionOrder,
  WithdrawalOrder as AgentWithdrawal,
} from './schemas.ts';

interface OfCase {
  readonly sanction: Id<'snc'>;
}
interface OfAppeal extends OfCase {
  readonly appeal: Id<'apl'>;
}

/** Something that a service wants done at the registry. It is signed when it is delivered, never before. */
export type Intent =
  | { readonly kind: 'submission'; readonly order: SanctionOrder }
  | ({ readonly kind: 'notice'; readonly order: NoticeOrder } & OfCase)
  | ({ readonly kind: 'withdrawal'; readonly order: AgentWithdrawal } & OfCase)
  | ({ readonly kind: 'stand'; readonly order: { readonly text: string } } & OfAppeal)
  | ({
      readonly kind: 'concession';
      readonly order: { readonly cause: WithdrawalCause };
    } & OfAppeal)
  | ({
      readonly kind: 'evidence';
      readonly appeal: ReviewId;
      readonly order: EvidenceOrder;
    } & OfCase)
  | { readonly kind: 'outcomes'; readonly order: OutcomesOrder }
  | {
      readonly kind: 'acknowledgement';
      readonly recall: Id<'rcl'>;
      readonly order: AcknowledgementOrder;
    };

export type IntentKind = Intent['kind'];

/** Signed statement of an intent. On disk before its first attempt, so that every attempt sends the same statement. */
export type SignedIntent =
  | { readonly kind: 'submission'; readonly submission: SubmissionIntent }
  | ({ readonly kind: 'withdrawal' } & SignedWithdrawal);

/**
 * Answer to a submission. The link goes into the notice, the openings stay with the evidence; neither is anywhere else.
 */
export type SubmissionResult = Pick<
  SubmittedSanction,
  'sanction' | 'state' | 'version' | 'caseCode' | 'caseLink' | 'evidence' | 'subjects'
> & { readonly noticeDueAt: string };

export type IntentResult =
  | SubmissionResult
  | NoticeOutcome
  | WithdrawnSanction
  | OpOutput<'appeals.respond'>
  | OpOutput<'checks.report'>
  | OpOutput<'recalls.acknowledge'>
  | EvidenceDelivery;

/**
 * Intents of one lane are delivered one after the other, in the order in which they were taken; lanes do not wait for
 * each other. Of a case: its sanction. Submissions have one lane, since one may rest on the one before it.
 */
export function laneOf(intent: Intent): string {
  if (intent.kind === 'submission' || intent.kind === 'outcomes') return intent.kind;
  return intent.kind === 'acknowledgement' ? intent.recall : intent.sanction;
}
