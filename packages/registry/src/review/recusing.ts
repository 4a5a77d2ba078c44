import { Problem, type OpInput, type OpOutput } from '@recourse/protocol';
import { addDays } from '../kernel/bounds.ts';
import type { CallContext } from '../context/context.ts';
import { invalid, refusal } from '../kernel/refusal.ts';
import { countRecusals, excuse } from './turn-store.ts';
import { mayRecuse, recusalDays } from '@recourse/protocol/review';
import { lockHolder, releaseAssignment } from './assignment-store.ts';
import { afterLostAssignment } from './evidence.ts';
import { assertUndecided, lockAssigned } from './lock-review.ts';
import { ruleOf } from './store.ts';

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
  await assertUndecided(ctx, record.id);
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

/** The panel's admin lets another reviewer give cases back again. */
export async function excuseReviewer(
  { db, now: at, caller }: CallContext,
  { holder }: OpInput<'review.excuse'>,
): Promise<OpOutput<'review.excuse'>> {
  if (holder === caller.holder) throw invalid('holder', 'another-holder');
  if (!(await excuse(db, { holder, at }))) throw new Problem('not-found');
  return { holder };
}
