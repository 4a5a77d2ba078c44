import { toNumericDate, type DeliveryChannel, type DeliveryResult } from '@recourse/protocol';
import { emit } from '../../told/events/emit.ts';
import { applyDueSteps, recordVisible } from '../../records/apply-due-steps.ts';
import { standingOf, visibleFromOf } from '../../records/record.ts';
import type { LockedRecord, TransitionContext } from '../../records/transition-context.ts';
import { inHand, lockRecord } from '../../records/lock-record.ts';
import type { SanctionRow } from '../../records/store.ts';
import { deliveriesOf, settleDelivery } from './store.ts';
import { noteDelivered } from './noting.ts';

export interface DeliveryReport {
  readonly sanction: string;
  readonly position: number;
  readonly result: 'taken' | 'refused' | 'unsent';
}

/** Writes down what became of a message. Its address is gone with that. @returns whether it had no result before */
export async function settleNotice(
  ctx: TransitionContext,
  settling: DeliveryReport,
): Promise<boolean> {
  const { sanction, position, result } = settling;
  const { db, now: at } = ctx;
  const locked = await lockRecord(ctx, sanction);
  if (!locked) return false;
  const record = await applyDueSteps(ctx, locked);
  const channel = await settleDelivery(db, { sanction, position, result, at });
  if (!channel) return false;
  await logDelivery(record, { position, channel, result });
  if (standingOf(record, at).ended) return true;
  if (result === 'taken') await answerFromNow(ctx, record, position);
  else await oweNotice(ctx, record);
  return true;
}

/** Each happens once to a message, but that nobody took it: that tells a recovery nothing. */
export const noticeName = ({
  position,
  result,
}: {
  position: number;
  result: DeliveryResult;
}): string => `${position} ${result}`;

export async function logDelivery(
  record: LockedRecord,
  detail: {
    position: number;
    channel: DeliveryChannel;
    result: DeliveryResult;
    /** Operators who say that it came back */
    by?: string[];
  },
): Promise<void> {
  await record.note({
    event: detail.result === 'taken' ? 'notice-delivered' : 'notice-undelivered',
    entry: 'notice-delivered',
    detail,
    party: record.party,
    ...(detail.result === 'unsent' ? {} : { name: noticeName(detail) }),
  });
}

async function answerFromNow(
  ctx: TransitionContext,
  record: LockedRecord,
  position: number,
): Promise<void> {
  const noted = inHand(ctx, await noteDelivered(ctx, record, { position, at: ctx.now }));
  const answers = visibleFromOf(noted);
  if (answers && answers <= ctx.now && !noted.visible_recorded) {
    await recordVisible(noted, answers);
  }
}

/** The context that tells a submitter: a recovery has no changes of its own. */
export type NoticeContext = Pick<TransitionContext, 'db' | 'now'> & {
  readonly services: Pick<TransitionContext['services'], 'deadlines' | 'random'>;
};

/** Nobody was told, and nothing waits any more: it is the submitter's turn. */
export async function oweNotice(ctx: NoticeContext, record: SanctionRow): Promise<void> {
  const { id: sanction, version, party, notice_due_at: due } = record;
  if (record.notified_at || !due) return;
  const waits = (await deliveriesOf(ctx.db, sanction)).some(({ result }) => result === null);
  if (waits) return;
  const body = { version, dueAt: toNumericDate(due) };
  await emit(ctx, { party, sanction, type: 'notice-owed', body });
}
