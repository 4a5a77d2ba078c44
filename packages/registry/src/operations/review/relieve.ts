import {
  fromNumericDate,
  toNumericDate,
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { standingOf } from '../../records/record.ts';
import { suspend } from '../../records/transition.ts';
import {
  assertUndecided,
  lockTaken,
  withAppeal,
  type LockedAppeal,
} from '../../review/lock-review.ts';
import { decideRelief } from '../../review/store.ts';

/** Suspends the sanction for at most 14 d while the case is looked into, or says that it goes on meanwhile. */
export const relieve = (
  ctx: CallContext,
  { appeal, until }: OpInput<'review.relieve'>,
): Promise<OpOutput<'review.relieve'>> =>
  until === null ? refuseRelief(ctx, appeal) : grantRelief(ctx, appeal, until);

async function grantRelief(
  ctx: CallContext,
  id: Id<'apl'>,
  asked: string,
): Promise<OpOutput<'review.relieve'>> {
  const { now, services } = ctx;
  const until = fromNumericDate(toNumericDate(new Date(asked)));
  if (Number.isNaN(until.getTime()) || until <= now) throw invalid('until', 'in-the-past');
  if (until > addDays(now, services.deadlines.reliefDays)) throw invalid('until', 'too-late');
  const { record, appeal } = await lockRelievable(ctx, id);
  await decideRelief(ctx.db, appeal.id, { at: now, as: 'granted' });
  await record.note({ entry: 'relief', detail: { appeal: id, until: toTimestamp(until) } });
  const { recalls } = await suspend(ctx, record, { cause: 'relief', since: now, until });
  record.retain();
  return { appeal: id, until: toTimestamp(until), recalls };
}

/** Only where relief would be granted if nobody decided it, and only in time: then the record answers on. */
async function refuseRelief(ctx: CallContext, id: Id<'apl'>): Promise<OpOutput<'review.relieve'>> {
  const { db, now: at } = ctx;
  const { record, appeal } = await lockRelievable(ctx, id);
  const { relief_due_at: dueAt, relief_decided_at: decidedAt, relief_spared: isSpared } = appeal;
  if (dueAt === null || decidedAt !== null || isSpared) {
    throw refusal('state-conflict', 'until', 'not-due');
  }
  await decideRelief(db, appeal.id, { at, as: 'refused' });
  const detail = { appeal: id, until: null };
  await record.note({ event: 'relief-refused', entry: 'relief', detail });
  record.retain();
  return { appeal: id, until: null, recalls: 0 };
}

async function lockRelievable(ctx: CallContext, id: Id<'apl'>): Promise<LockedAppeal> {
  const { record, appeal } = await withAppeal(ctx, await lockTaken(ctx, id));
  await assertUndecided(ctx, id);
  if (standingOf(record, ctx.now).ended) throw refusal('state-conflict', 'sanction', 'ended');
  if (record.open_suspensions.some(({ cause }) => cause === 'relief')) {
    throw refusal('state-conflict', 'until', 'already-relieved');
  }
  return { record, appeal };
}
