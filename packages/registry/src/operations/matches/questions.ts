import { isId, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { recordOf, inquiriesOf } from '../../submissions/inquiries/store.ts';

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
