import { reversalCauses } from './appeal.ts';
import { disputeAnswers } from './ops/evidence.ts';
import { withdrawalCauses } from './statement.ts';

/** Every line that the history of a record can have. */
export const historyEvents = [
  'drafted',
  'submitted',
  'notice-delivered',
  'notice-undelivered',
  'notice-stated',
  'visible',
  'suspended',
  'reinstated',
  'ended',
  'appeal-opened',
  'responded',
  'reviewer-claimed',
  'reviewer-recused',
  'asked',
  'relief-refused',
  'relief-spared',
  'evidence-confirmed',
  'evidence-rejected',
  'evidence-disputed',
  'dispute-settled',
  'appeal-joined',
  'withdrawal-asked',
  'appeal-kept',
  'appeal-withdrawn',
  'erasure-asked',
  'erasure-kept',
  'subject-erased',
  'appeal-undecided',
  'appeal-upheld',
  'appeal-dismissed',
  'appeal-amended',
  'appeal-decided',
  'amended',
  'finding',
  'echo-review',
  'echo-confirmed',
  'challenged',
  'challenge-refused',
  'leaver-confirmed',
  'retokenised',
] as const;
export type HistoryEvent = (typeof historyEvents)[number];

/** Why a record ended, or was found to have been wrong. `restore`: only the log of a restored registry says that it did. */
export const endCauses = [
  ...new Set([...reversalCauses, ...withdrawalCauses]),
  'undecided',
  'draft-lapsed',
  'no-notice',
  'evaded-ended',
  'submitter-left',
  'not-retokenised',
  'order',
  'expired',
  'restore',
] as const;
export type EndCause = (typeof endCauses)[number];

/** Why a record answers no check for a time. */
export const pauseCauses = [
  'evidence-overdue',
  'decision-overdue',
  'relief',
  'key-compromised',
  'echo-overdue',
  'order',
  'restore',
] as const;
export type PauseCause = (typeof pauseCauses)[number];

/** Why evidence was destroyed instead of judged. */
export const rejectionCauses = ['illegal-media', 'third-party-data'] as const;

/** Every cause that a line of the history can have. */
export const historyCauses = [
  ...new Set([...endCauses, ...pauseCauses, ...rejectionCauses, ...disputeAnswers]),
];
export type HistoryCause = (typeof historyCauses)[number];
