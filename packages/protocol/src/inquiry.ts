import { controls } from './subject-tree.ts';

/**
 * The questions that a platform that was told may ask the submitter of a record, with every answer. Both are closed: no
 * word about a person goes from one platform to another. Amounts are in euro.
 */
export const answersByQuestion = {
  'how-was-control-proven': [...controls, 'not-known'],
  'is-own-measure-final': ['final', 'open-to-complaint', 'under-complaint', 'lifted'],
  'amount-band': ['none', 'below-100', '100-to-999', '1000-to-9999', '10000-and-more', 'not-known'],
  'accounts-linked': ['one', '2-to-9', '10-to-99', '100-and-more', 'not-known'],
  'still-stands': ['yes', 'no', 'under-review'],
} as const;

/** The inquiries between trust teams. */
export const inquiryQuestions = [
  'how-was-control-proven',
  'is-own-measure-final',
  'amount-band',
  'accounts-linked',
  'still-stands',
] as const satisfies readonly (keyof typeof answersByQuestion)[];
export type InquiryQuestion = (typeof inquiryQuestions)[number];

/** Every answer to any question, once. */
export const inquiryAnswers = [
  ...new Set(
    inquiryQuestions.flatMap((question): readonly InquiryAnswer[] => answersByQuestion[question]),
  ),
];
export type InquiryAnswer = (typeof answersByQuestion)[InquiryQuestion][number];

/** Whether a question has this answer. */
export const answersQuestion = (question: InquiryQuestion, answer: InquiryAnswer): boolean =>
  (answersByQuestion[question] as readonly InquiryAnswer[]).includes(answer);

/** Questions whose answer tells of the act. Nobody may ask them while the reason is withheld from the asker. */
export const tellsOfAct: ReadonlySet<InquiryQuestion> = new Set(['amount-band', 'accounts-linked']);

/** Whether an answer says that the record is to be withdrawn. */
export const saysWithdraw = (answer: InquiryAnswer): boolean =>
  answer === 'no' || answer === 'lifted';
