import { Problem } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { standingOf } from '../../records/record.ts';
import { refusal } from '../../kernel/refusal.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { subjectsOf, type SanctionRow, setNoticeDue } from '../../records/store.ts';
import { noticeDueAfterBounce } from './notice.rules.ts';
import { findMessage, setBounced, setRefused, type DeliveryRow } from './store.ts';
import { noteUndelivered } from './noting.ts';
import { logDelivery, oweNotice, type NoticeContext } from './settling.ts';

/**
 * A message came back. Where what it went to does not answer yet it was never delivered; afterwards it is only noted, or
 * somebody could silence a record by a bounce.
 */
export async function recordBounce(
  ctx: CallContext,
  message: string,
): Promise<{ row: SanctionRow; undelivered: boolean }> {
  const { sanction = '' } = (await findMessage(ctx.db, message)) ?? {};
  const locked = await lockRecord(ctx, sanction);
  if (!locked) throw new Problem('not-found');
  const row = await applyDueSteps(ctx, locked);
  const delivery = (await findMessage(ctx.db, message))!;
  if (delivery.result !== 'taken' || delivery.bounced_at) {
    throw refusal('state-conflict', 'message', 'not-delivered');
  }
  const undelivered = await noteBounce(ctx, row, delivery);
  const { position, channel } = delivery;
  await logDelivery(row, { position, channel, result: 'bounced' });
  return { row, undelivered };
}

/** @returns whether it makes the identifier undelivered */
export async function noteBounce(
  ctx: NoticeContext,
  row: SanctionRow,
  { sanction, position }: Pick<DeliveryRow, 'sanction' | 'position'>,
): Promise<boolean> {
  const { db, now } = ctx;
  const subject = (await subjectsOf(db, sanction)).find((one) => one.position === position);
  await setBounced(db, { sanction, position, at: now });
  const answers = subject?.review_from ? subject.review_from <= now : true;
  if (answers || standingOf(row, now).ended) return false;
  const noted = await noteUndelivered(ctx, row, position);
  await setRefused(db, { sanction, position });
  if (noted.notified_at || !noted.notice_due_at) return true;
  const due = noticeDueAfterBounce({ dueAt: noted.notice_due_at, now });
  await setNoticeDue(db, { sanction, at: due });
  await oweNotice(ctx, { ...noted, notice_due_at: due });
  return true;
}
