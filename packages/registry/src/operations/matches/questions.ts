import { isId, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { namesOf, ownNameOf } from '../../records/names-store.ts';
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
  // Whoever asked reads no more of the record than a check told it.
  const received = rows.filter((row) => row.party !== party);
  const names = await namesOf(ctx.db, received);
  return {
    questions: rows.map((row) => ({
      ...recordOf(row, { party, now: ctx.now }),
      ...(row.party === party ? {} : { about: ownNameOf(names, row.sanction) }),
    })),
    ...(last ? { next: last.id } : {}),
  };
}
