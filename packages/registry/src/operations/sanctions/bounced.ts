import { Problem, type OpInput, type OpOutput } from '@recourse/protocol';
import { noteBounce } from '../../cases/notices/bouncing.ts';
import { logDelivery } from '../../cases/notices/settling.ts';
import { findMessage } from '../../cases/notices/store.ts';
import type { CallContext } from '../../context/context.ts';
import { found, refusal } from '../../kernel/refusal.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { findSanction, type SanctionRow } from '../../records/store.ts';
import { resultOf } from '../../submissions/views.ts';

/** A message of the registry came back. */
export async function bounced(
  ctx: CallContext,
  { message }: OpInput<'sanctions.bounced'>,
): Promise<OpOutput<'sanctions.bounced'>> {
  const { row, undelivered } = await recordBounce(ctx, message);
  return {
    ...resultOf(
      found(await findSanction(ctx.db, row.id), () => true),
      ctx.now,
    ),
    undelivered,
  };
}

/**
 * A message came back. Where what it went to does not answer yet it was never delivered; afterwards it is only noted, or
 * somebody could silence a record by a bounce.
 */
async function recordBounce(
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
