import type { InquiryAnswer, InquiryQuestion } from '@recourse/protocol';

/** What a platform that was told of a record asked its submitter. */
export interface InquiriesTable {
  id: string;
  match: string;
  sanction: string;
  /** Who asks */
  party: string;
  asks: InquiryQuestion;
  asked_at: Date;
  due_at: Date;
  answer: InquiryAnswer | null;
  answered_at: Date | null;
}
