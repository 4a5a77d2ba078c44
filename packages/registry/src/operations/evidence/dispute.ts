import { fromBase64url, type OpInput, type OpOutput, type ReviewId } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import type { LockedRecord } from '../../records/transition-context.ts';
import { hasDispute, insertDispute } from '../../review/dispute-store.ts';
import { lastDelivered, openHeld } from '../../review/evidence-store.ts';
import { assertUndecided, lockTaken } from '../../review/lock-review.ts';
import { changeReview, ruleOf } from '../../review/store.ts';
import { placeOf } from '../../vault/vault.ts';

/** Says that a delivered item is not what the statement committed to. */
export async function dispute(
  ctx: CallContext,
  { appeal: review, item, contentKey }: OpInput<'evidence.dispute'>,
): Promise<OpOutput<'evidence.dispute'>> {
  const { db, now: at, caller } = ctx;
  const { record, round } = await lockDelivered(ctx, { review, item });
  const where = { review, item, round };
  if (await hasDispute(db, where)) throw refusal('state-conflict', 'item', 'already-disputed');
  await insertDispute(db, {
    ...where,
    sanction: record.id,
    holder: caller.holder,
    at,
    content_key: record
      .key()
      .seal(fromBase64url(contentKey), placeOf('disputes.content_key', where)),
  });
  await changeReview(db, review, { evidence_confirmed_at: null });
  await record.note({
    event: ruleOf(review).inHistory ? 'evidence-disputed' : undefined,
    entry: 'evidence-disputed',
    detail: { appeal: review, item, round },
  });
  record.retain();
  return { appeal: review, item };
}

/** An own assignment with an item that was delivered to it, locked. */
async function lockDelivered(
  ctx: CallContext,
  { review, item }: { review: ReviewId; item: number },
): Promise<{ record: LockedRecord; round: number }> {
  const { record, assignment } = await lockTaken(ctx, review);
  await assertUndecided(ctx, review);
  const last = await lastDelivered(ctx.db, { review, item });
  const round = last?.round ?? 0;
  const jwe = last && openHeld(record.key(), last);
  // What was sealed to others alone, this reviewer has not opened.
  if (!last || !jwe?.recipients.some(({ header }) => header.kid === assignment.sealing_kid)) {
    throw refusal('state-conflict', 'item', 'not-delivered');
  }
  return { record, round };
}
