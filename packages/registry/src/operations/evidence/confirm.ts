import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { readStatement } from '../../parties/opening.ts';
import { casesBeside } from '../../review/assignment-store.ts';
import { confirmOne } from '../../review/confirm-delivery.ts';
import { assertAllDelivered, isAllDelivered } from '../../review/evidence.ts';
import { lockBeside, lockTaken, type LockedReview } from '../../review/lock-review.ts';

/** Every item opens and is what the statement committed to; so it is for others of the batch that commit to nothing else. */
export async function confirmDelivery(
  ctx: CallContext,
  { appeal: id }: OpInput<'evidence.confirm'>,
): Promise<OpOutput<'evidence.confirm'>> {
  const { db, now, caller } = ctx;
  const locked = await lockTaken(ctx, id);
  await assertAllDelivered(db, locked);
  await confirmOne(ctx, locked);
  locked.record.retain();
  const opened = new Set(committedBy(locked));
  for (const beside of await casesBeside(db, { review: id, holder: caller.holder })) {
    const one = await lockBeside(ctx, beside);
    if (one.review.closed_at || !committedBy(one).every((each) => opened.has(each))) continue;
    if (await isAllDelivered(db, one)) await confirmOne(ctx, one);
  }
  const confirmedAt = locked.review.evidence_confirmed_at ?? now;
  return { appeal: id, confirmedAt: toTimestamp(confirmedAt) };
}

const committedBy = ({ record }: LockedReview): string[] =>
  readStatement(record.statement).evidence.map(({ commitment }) => commitment);
