import { toTimestamp, type InquiryRecord } from '@recourse/protocol';
import type { InquiryRow } from './store.ts';

/** Who asks is for the creator: the submitter reads no name and no match of another platform. */
export function recordOf(
  row: InquiryRow,
  { party, now }: { party: string; now: Date },
): InquiryRecord {
  const isAsker = row.party === party;
  return {
    question: row.id,
    side: isAsker ? 'asked' : 'received',
    sanction: row.sanction,
    ...(isAsker ? { match: row.match } : {}),
    ...exchangeOf(row, now),
  };
}

type InquiryTerms = Pick<InquiryRow, 'asks' | 'asked_at' | 'due_at' | 'answer' | 'answered_at'>;

/** An inquiry as both sides and the creator read it; that it is overdue is computed, and written nowhere. */
export const exchangeOf = (
  { asks, asked_at, due_at, answer, answered_at }: InquiryTerms,
  now: Date,
) => ({
  asks,
  askedAt: toTimestamp(asked_at),
  dueAt: toTimestamp(due_at),
  overdue: answered_at === null ? due_at <= now : due_at < answered_at,
  ...(answer && answered_at ? { answer, answeredAt: toTimestamp(answered_at) } : {}),
});
