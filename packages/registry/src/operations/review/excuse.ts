import { Problem, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { excuse } from '../../review/turn-store.ts';

/** The panel's admin lets another reviewer have cases again, and give them back. */
export async function excuseReviewer(
  { db, now: at, caller }: CallContext,
  { holder }: OpInput<'review.excuse'>,
): Promise<OpOutput<'review.excuse'>> {
  if (holder === caller.holder) throw invalid('holder', 'another-holder');
  if (!(await excuse(db, { holder, at }))) throw new Problem('not-found');
  return { holder };
}
