import {
  isId,
  toTimestamp,
  type OpInput,
  type OpOutput,
  type InquiryRecord,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { inquiriesOf, type InquiryRow } from './store.ts';

const pageSize = 50;

/** Inquiries that the caller made, and that were put to it. */
export async function listInquiries(
  ctx: CallContext,
  input: OpInput<'matches.questions'>,
): Promise<OpOutput<'matches.questions'>> {
  const { cursor, limit = pageSize, open = false } = input;
  if (cursor !== undefined && !isId('qst', cursor)) throw invalid('cursor', 'unknown');
  const { party } = ctx.caller;
  const rows = await inquiriesOf(ctx.db, { party, before: cursor, limit, open });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    questions: rows.map((row) => recordOf(row, { party, now: ctx.now })),
    ...(last ? { next: last.id } : {}),
  };
}

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
