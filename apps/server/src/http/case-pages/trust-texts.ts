import type { TrustAnswer, TrustQuestion } from '@recourse/protocol';

/** What platforms ask each other about a record, in words for the person it is about. */
export const trustQuestionTexts: Readonly<Record<TrustQuestion, string>> = {
  'how-was-control-proven': 'How was it proven that the identifiers are yours?',
  'is-own-measure-final': 'Is the measure of the platform final?',
  'amount-band': 'How much money was it about?',
  'accounts-linked': 'How many accounts was it about?',
  'still-stands': 'Does the record still stand?',
};

export const trustAnswerTexts: Readonly<Record<TrustAnswer, string>> = {
  otp: 'by a one-time code',
  payment: 'by a payment',
  dns: 'by a domain name record',
  signature: 'by a signature',
  kyc: 'by an identity check',
  'not-known': 'it does not know',
  final: 'it is final',
  'open-to-complaint': 'you can still complain about it',
  'under-complaint': 'a complaint about it is being looked at',
  lifted: 'it was lifted',
  none: 'none',
  'below-100': 'less than 100 euro',
  '100-to-999': '100 to 999 euro',
  '1000-to-9999': '1,000 to 9,999 euro',
  '10000-and-more': '10,000 euro or more',
  one: 'one',
  '2-to-9': '2 to 9',
  '10-to-99': '10 to 99',
  '100-and-more': '100 or more',
  yes: 'yes',
  no: 'no',
  'under-review': 'it is being looked at again',
};
