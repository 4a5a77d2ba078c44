import {
  fromNumericDate,
  Problem,
  toTimestamp,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict, invalid } from '../../kernel/refusal.ts';
import { logAct } from '../../parties/log-act.ts';
import { insertOrder } from '../../parties/membership-store.ts';
import { holdersOf } from '../../parties/proposal-store.ts';
import { byTwoHolders } from '../../parties/two-holders.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { endSanction } from '../../records/ending.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { standingOf } from '../../records/record.ts';
import type { LockedRecord } from '../../records/transition-context.ts';
import { suspend } from '../../records/transition.ts';

const cause = 'order';

/**
 * Executes an order of a court or a data protection authority, by two operator holders. It ends one named
 * record, or restricts it; everyone who was told is recalled, and that it was done is published.
 */
export const executeOrder = (
  ctx: CallContext,
  input: OpInput<'orders.execute'>,
): Promise<OpOutput<'orders.execute'>> => {
  let record: LockedRecord;
  return byTwoHolders(ctx, {
    op: 'orders.execute',
    check: async () => {
      record = await lockTarget(ctx, input);
    },
    execute: async (proposal) => {
      const { sanction, effect, body, reference } = input;
      const dated = fromNumericDate(input.date);
      await insertOrder(ctx.db, {
        proposal,
        sanction,
        effect,
        body,
        dated,
        reference,
        at: ctx.now,
      });
      // Which record it was is in no public detail: the entry of its end has a salted reference.
      logAct(ctx, 'order-executed', {
        proposal,
        effect,
        body,
        date: toTimestamp(dated),
        reference,
        ...(await holdersOf(ctx.db, proposal)),
      });
      await (effect === 'end'
        ? endSanction(ctx, record, { kind: 'reversed', cause, by: 'operator' })
        : suspend(ctx, record, { cause, since: ctx.now }));
      record.retain();
      return undefined;
    },
  });
};

async function lockTarget(
  ctx: CallContext,
  { sanction, effect, date }: OpInput<'orders.execute'>,
): Promise<LockedRecord> {
  if (fromNumericDate(date) > ctx.now) throw invalid('date', 'in-the-future');
  const locked = await lockRecord(ctx, sanction);
  if (!locked?.submitted_at) throw new Problem('not-found');
  if (standingOf(locked, ctx.now).ended) throw conflict('sanction', 'ended');
  if (effect === 'restrict' && locked.open_suspensions.some((open) => open.cause === cause)) {
    throw conflict('sanction', 'restricted');
  }
  return applyDueSteps(ctx, locked);
}
