import type { AppealDecision, Decision, ReasonCode, ReviewId } from '@recourse/protocol';
import { useDraft, type Draft } from '../identity/draft.ts';

/** Answers and words of a reviewer in one case, until it is decided. */
export interface CaseDraft {
  /** The answer to the first question: nobody concerned is known */
  readonly knowsNobody: boolean;
  readonly outcome: Decision['outcome'] | '';
  readonly cause: NonNullable<AppealDecision['cause']> | '';
  readonly reasons: string;
  /** In a batch: what ties this creator to the evidence */
  readonly tie: string;
  readonly lesser: ReasonCode | '';
  /** A day, `2028-04-26` */
  readonly expires: string;
  readonly detach: readonly number[];
  readonly asked: string;
  readonly askedKind: 'question' | 'gist';
  /** The decision was sent once, and no answer came: it may have been counted */
  readonly wasSent: boolean;
}

const emptyDraft: CaseDraft = {
  knowsNobody: false,
  outcome: '',
  cause: '',
  reasons: '',
  tie: '',
  lesser: '',
  expires: '',
  detach: [],
  asked: '',
  askedKind: 'gist',
  wasSent: false,
};

export const useCaseDraft = (id: ReviewId): Draft<CaseDraft> | undefined =>
  useDraft(`review/${id}`, emptyDraft);
