import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { accept, insert, writeLast } from '../../submissions/recording.ts';
import { refuseDraft } from '../../submissions/submission.rules.ts';

/** Lays a submission down for a second trust holder. Nothing answers for it, and no entry tells of it. */
export async function draft(
  ctx: CallContext,
  input: OpInput<'sanctions.draft'>,
): Promise<OpOutput<'sanctions.draft'>> {
  const accepted = await accept(ctx, input, { judge: refuseDraft, isAlone: false });
  const lapsesAt = dueAt(ctx.now, 24 * draftDays);
  insert(ctx, accepted, {
    event: 'drafted',
    dates: { drafted_at: ctx.now, draft_lapses_at: lapsesAt },
    // Known when it is confirmed: a check in between makes it derived, too.
    priorMatch: false,
  });
  // No entry has its key: the bytes of the call are sealed by the row.
  await writeLast(ctx);
  const { jti: sanction } = accepted.submission.statement;
  return { sanction, state: 'draft', version: 1, lapsesAt: toTimestamp(lapsesAt) };
}

const draftDays = 7;
