import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import { deliveryName } from '../../review/confirm-delivery.ts';
import { moot } from '../../review/dispute-store.ts';
import { reject as destroy, heldElsewhere, lastDelivered } from '../../review/evidence-store.ts';
import { oweAgain } from '../../review/evidence.ts';
import { lockBeside, lockTaken, type LockedReview } from '../../review/lock-review.ts';
import { changeReview, ruleOf } from '../../review/store.ts';

/** Illegal media and third parties' data are destroyed wherever they serve, with 3 d to deliver what is fit. */
export async function rejectEvidence(
  ctx: CallContext,
  { appeal: id, item, why }: OpInput<'evidence.reject'>,
): Promise<OpOutput<'evidence.reject'>> {
  const { db } = ctx;
  const locked = await lockTaken(ctx, id);
  const last = await lastDelivered(db, { review: id, item });
  const due = await rejectOne(ctx, locked, { item, why });
  if (!due) throw refusal('state-conflict', 'item', 'not-delivered');
  const elsewhere = last ? await heldElsewhere(db, { review: id, evidence: last.evidence }) : [];
  for (const copy of elsewhere) {
    await rejectOne(ctx, await lockBeside(ctx, copy.review), { item: copy.item, why });
  }
  locked.record.retain();
  return { appeal: id, evidenceDueAt: toTimestamp(due) };
}

/** @returns when a fit one is due; nothing where there were no bytes */
async function rejectOne(
  ctx: CallContext,
  locked: LockedReview,
  { item, why }: Pick<OpInput<'evidence.reject'>, 'item' | 'why'>,
): Promise<Date | undefined> {
  const { db, now: at } = ctx;
  const { record, review } = locked;
  const of = { review: review.id, item };
  const rounds = await destroy(db, { ...of, at, why });
  if (rounds.length === 0) return undefined;
  await moot(db, { ...of, at });
  await changeReview(db, review.id, { evidence_confirmed_at: null });
  const due = review.closed_at ? at : await oweAgain(ctx, locked);
  if (ruleOf(review.id).inHistory) {
    await record.note({ event: 'evidence-rejected', cause: why });
  }
  for (const round of rounds) {
    const detail = { appeal: review.id, item, round, why };
    const name = deliveryName({ ...of, round });
    await record.note({ entry: 'evidence-rejected', detail, name });
  }
  return due;
}
