import type { TrustAnswer, TrustQuestion } from '@recourse/protocol';

/** What a platform that was told of a record asked its submitter. */
export interface TrustQuestionsTable {
  id: string;
  match: string;
  sanction: string;
  /** Who asks */
  party: string;
  asks: TrustQuestion;
  asked_at: Date;
  due_at: Date;
  answer: TrustAnswer | null;
  answered_at: Date | null;
}
