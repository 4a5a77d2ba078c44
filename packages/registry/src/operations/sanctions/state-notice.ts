import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { refuseStated } from '../../cases/notices/notice.rules.ts';
import { factsOf, isOwn } from '../../cases/notices/notify.ts';
import { noteStated } from '../../cases/notices/noting.ts';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { applyDueSteps, recordVisible } from '../../records/apply-due-steps.ts';
import { inHand, lockRecord } from '../../records/lock-record.ts';
import { visibleFromOf } from '../../records/record.ts';
import { subjectsOf, type SanctionRow } from '../../records/store.ts';
import { resultOf } from '../../submissions/views.ts';

/** Records that the submitter told the creator itself. */
export async function stateOwnNotice(
  ctx: CallContext,
  input: OpInput<'sanctions.stateNotice'>,
): Promise<OpOutput<'sanctions.stateNotice'>> {
  const row = await stateNotice(ctx, input);
  return { ...resultOf(row, ctx.now), visibleFrom: toTimestamp(row.visible_from ?? ctx.now) };
}

/** Records that the submitter told the creator itself, and marks it so. */
async function stateNotice(
  ctx: CallContext,
  stated: OpInput<'sanctions.stateNotice'>,
): Promise<SanctionRow> {
  const { db, now } = ctx;
  const locked = found(await lockRecord(ctx, stated.sanction), isOwn(ctx));
  const row = await applyDueSteps(ctx, locked);
  const facts = await factsOf(ctx, row, await subjectsOf(db, row.id));
  const problem = refuseStated(stated, facts);
  if (problem) throw problem;
  const noted = inHand(ctx, await noteStated(ctx, row, now));
  const { channel, language, sentAt } = stated;
  const detail = { channel, language, sentAt };
  await noted.note({ event: 'notice-stated', entry: 'notice-stated', detail });
  const answers = visibleFromOf(noted);
  if (answers && answers <= now) await recordVisible(noted, answers);
  row.retain();
  return noted;
}
