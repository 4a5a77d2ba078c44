import { isId, type OpInput, type OpOutput, type TrustQuestionRecord } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { exchangeOf } from './exchange.ts';
import { questionsOf, type QuestionRow } from './store.ts';

const pageSize = 50;

/** Questions that the caller asked, and that were put to it. */
export async function listQuestions(
  ctx: CallContext,
  input: OpInput<'matches.questions'>,
): Promise<OpOutput<'matches.questions'>> {
  const { cursor, limit = pageSize, open = false } = input;
  if (cursor !== undefined && !isId('qst', cursor)) throw invalid('cursor', 'unknown');
  const { party } = ctx.caller;
  const rows = await questionsOf(ctx.db, { party, before: cursor, limit, open });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    questions: rows.map((row) => recordOf(row, { party, now: ctx.now })),
    ...(last ? { next: last.id } : {}),
  };
}

/** Who asks is for the creator: the submitter reads no name and no match of another platform. */
function recordOf(row: QuestionRow, of: { party: string; now: Date }): TrustQuestionRecord {
  const isAsker = row.party === of.party;
  return {
    question: row.id,
    side: isAsker ? 'asked' : 'received',
    sanction: row.sanction,
    ...(isAsker ? { match: row.match } : {}),
    ...exchangeOf(row, of.now),
  };
}
