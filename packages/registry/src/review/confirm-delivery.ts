import type { CallContext } from '../context/context.ts';
import type { LockedReview } from './lock-review.ts';
import { changeReview, ruleOf } from './store.ts';

export async function confirmOne(
  { db, now: at }: CallContext,
  { record, review }: LockedReview,
): Promise<void> {
  if (review.evidence_confirmed_at) return;
  await changeReview(db, review.id, { evidence_confirmed_at: at });
  if (ruleOf(review.id).inHistory) await record.note({ event: 'evidence-confirmed' });
}

/** Names the entry that a delivery was destroyed: it is destroyed once. */
export const deliveryName = ({
  review,
  item,
  round,
}: {
  review: string;
  item: number;
  round: number;
}): string => `${review}:${item}:${round}`;
