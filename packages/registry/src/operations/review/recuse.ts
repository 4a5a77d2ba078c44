import type { OpInput, OpOutput } from '@recourse/protocol';
import { mayRecuse, recusalDays, addDays } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import { lockHolder, releaseAssignment } from '../../review/assignment-store.ts';
import { afterLostAssignment } from '../../review/evidence.ts';
import { assertUndecided, lockAssigned } from '../../review/lock-review.ts';
import { ruleOf } from '../../review/store.ts';
import { countRecusals } from '../../review/turn-store.ts';

/** Gives a case back, taken with a key or only assigned. It does not come back to this reviewer. */
export async function recuse(
  ctx: CallContext,
  { appeal: id, why }: OpInput<'review.recuse'>,
): Promise<OpOutput<'review.recuse'>> {
  const { db, now: at, caller } = ctx;
  const { holder } = caller;
  // Counted one after the other, or all at once would find the same room.
  await lockHolder(db, holder);
  const { record, assignment } = await lockAssigned(ctx, id);
  await assertUndecided(ctx, id);
  const recusals = await countRecusals(db, { holder, since: addDays(at, -recusalDays) });
  if (!mayRecuse(recusals)) throw refusal('state-conflict', 'appeal', 'too-many-recusals');
  await releaseAssignment(db, { review: id, holder, at });
  const isShown = assignment.keyed_at !== null && ruleOf(id).inHistory;
  await record.note({
    event: isShown ? 'reviewer-recused' : undefined,
    entry: 'recused',
    detail: { appeal: id, why },
  });
  if (assignment.keyed_at) await afterLostAssignment(ctx, record, id);
  record.retain();
  return { appeal: id };
}
