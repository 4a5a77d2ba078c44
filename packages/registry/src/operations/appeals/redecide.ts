import {
  askAgainDays,
  Problem,
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import { lockParty } from '../../parties/store.ts';
import type { LockedRecord, TransitionContext } from '../../records/transition-context.ts';
import { quarterOf } from '../../review/draw.rules.ts';
import { open } from '../../review/inspection-opening.ts';
import { findOwn, lockReview, withAppeal } from '../../review/lock-review.ts';
import type { AppealRow } from '../../review/store.ts';
import { leftToAsk, setAsked } from '../../retention/asked-store.ts';

/**
 * One of two others who decide a reversal again, since the submitter asked.
 * @returns when it is due
 */
const openAskedInspection = (
  ctx: TransitionContext,
  record: LockedRecord,
  appeal: Id<'apl'>,
): Promise<Date> => open(ctx, record, { why: 'asked', again: { appeal } });

/**
 * Within 7 d a submitter may ask that a reversal be decided again by two others (5 and 5 % of its reversals a quarter):
 * where both disagree it does not count against the submitter and is a figure of the reviewer. The record stays ended.
 */
export async function askAgain(
  ctx: CallContext,
  { appeal: id }: OpInput<'appeals.redecide'>,
): Promise<OpOutput<'appeals.redecide'>> {
  const { db, now, caller } = ctx;
  const own = await findOwn(ctx, id);
  // Two calls at once would each find the last one left. A party is locked before its records.
  await lockParty(db, caller.party);
  const { record, appeal } = await withAppeal(ctx, await lockReview(ctx, own.review));
  assertReversed(appeal, now);
  if (record.texts_erased_at) throw new Problem('not-found');
  const of = { party: caller.party, quarter: quarterOf(now).start };
  const left = await leftToAsk(db, of);
  if (left <= 0) throw refusal('state-conflict', 'appeal', 'none-left');
  if (!(await setAsked(db, { appeal: id, at: now }))) {
    throw refusal('state-conflict', 'appeal', 'already-asked');
  }
  record.retain();
  await openAskedInspection(ctx, record, id);
  const due = await openAskedInspection(ctx, record, id);
  return { appeal: id, dueAt: toTimestamp(due), left: left - 1 };
}

function assertReversed({ closed_at, outcome }: AppealRow, now: Date): void {
  if (!closed_at || (outcome !== 'reversed' && outcome !== 'finding')) {
    throw refusal('state-conflict', 'appeal', 'not-reversed');
  }
  if (now >= addDays(closed_at, askAgainDays))
    throw refusal('state-conflict', 'appeal', 'too-late');
}
