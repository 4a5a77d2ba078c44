import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { findSanction } from '../../records/store.ts';
import { noticeDueOf, resultOf } from '../../submissions/views.ts';
import { recordBounce } from './bouncing.ts';
import { askForNotice, deliveriesIn, stateNotice } from './notify.ts';
import { found } from '../../kernel/refusal.ts';

/** Has the registry write to every address of a record. */
export async function notify(
  ctx: CallContext,
  input: OpInput<'sanctions.notify'>,
): Promise<OpOutput<'sanctions.notify'>> {
  const { id } = await askForNotice(ctx, input);
  const row = found(await findSanction(ctx.db, id), () => true);
  return {
    ...resultOf(row, ctx.now),
    ...noticeDueOf(row),
    deliveries: await deliveriesIn(ctx, id),
  };
}

/** Records that the submitter told the creator itself. */
export async function stateOwnNotice(
  ctx: CallContext,
  input: OpInput<'sanctions.stateNotice'>,
): Promise<OpOutput<'sanctions.stateNotice'>> {
  const row = await stateNotice(ctx, input);
  return { ...resultOf(row, ctx.now), visibleFrom: toTimestamp(row.visible_from ?? ctx.now) };
}

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
