import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import {
  accept,
  insert,
  logSubmitted,
  noticeDue,
  shareFound,
  writeLast,
} from '../../submissions/recording.ts';
import { examineRelay } from '../../review/inspection-opening.ts';
import { refuse } from '../../submissions/submission.rules.ts';

/** Records a submission that one trust holder makes alone, held until its notice. */
export async function submit(
  ctx: CallContext,
  input: OpInput<'sanctions.submit'>,
): Promise<OpOutput<'sanctions.submit'>> {
  const { now, caller, services } = ctx;
  const accepted = await accept(ctx, input, { judge: refuse, isAlone: true });
  const { isBehind: backlogged, reversals } = accepted;
  const { statement } = accepted.submission;
  const { jti: id } = statement;
  const due = noticeDue(now, services.deadlines);
  const sources = await shareFound(ctx, accepted.sources);
  const caseKey = insert(ctx, accepted, {
    event: 'submitted',
    dates: { submitted_at: now, notice_due_at: due, backlogged, relayed: reversals.length > 0 },
    priorMatch: sources.isDerived,
  });
  const record = { id, party: caller.party, statement: input.statement };
  // What it follows is written with a reference to it.
  if (sources.ids.length + reversals.length > 0) await writeLast(ctx);
  await logSubmitted(ctx, { record, statement, caseKey, sources });
  await examineRelay(ctx, { sanction: id, reversals });
  return { sanction: id, state: 'held', version: 1, noticeDueAt: toTimestamp(due) };
}
