import { z } from 'zod';
import { timestamp } from '../schemas.ts';
import { inquiryAnswers, inquiryQuestions } from '../inquiry.ts';
import { idSchema } from '../typeid.ts';
import { nextCursor, page } from './common.ts';
import { namedRecord } from './appeals.ts';
import { define } from './define.ts';

/** An inquiry between trust teams, as its two sides and the creator read it. */
export const trustExchange = {
  asks: z.enum(inquiryQuestions),
  askedAt: timestamp,
  dueAt: timestamp,
  /** Not answered in time */
  overdue: z.boolean(),
  answer: z.enum(inquiryAnswers).optional(),
  answeredAt: timestamp.optional(),
};

/** An inquiry between trust teams, as one of the two sides reads it. */
export const inquiryRecord = z.object({
  question: idSchema('qst'),
  /** `asked` by the caller, or `received` about a record of its own: then by whom is not told */
  side: z.enum(['asked', 'received']),
  sanction: idSchema('snc'),
  /** The caller's own match, of a question that it asked */
  match: idSchema('mat').optional(),
  /** Of a question that it received: its own record */
  about: z.object(namedRecord).optional(),
  ...trustExchange,
});
export type InquiryRecord = z.infer<typeof inquiryRecord>;

/** Inquiries between trust teams about a match. */
export const matchOps = {
  'matches.ask': define('mutation', ['trust'], {
    summary: 'Ask the submitter of a record that you matched one closed question.',
    input: z.strictObject({ match: idSchema('mat'), asks: z.enum(inquiryQuestions) }),
    output: z.object({ question: idSchema('qst'), dueAt: timestamp }),
  }),
  'matches.answer': define('mutation', ['trust'], {
    summary: 'Answer a question about your record by one of its closed answers.',
    input: z.strictObject({ question: idSchema('qst'), answer: z.enum(inquiryAnswers) }),
    output: z.object({
      answeredAt: timestamp,
      sanction: idSchema('snc'),
      /** The answer says that the record no longer stands: withdraw it */
      withdraw: z.boolean(),
    }),
  }),
  'matches.questions': define('read', ['service', 'trust'], {
    summary: 'List the questions that you asked, and those about your records, the newest first.',
    input: z.strictObject({ ...page, open: z.boolean().optional() }),
    output: z.object({ questions: z.array(inquiryRecord), next: nextCursor }),
  }),
};
