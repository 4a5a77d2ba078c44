import { Problem, type ReviewId } from '@recourse/protocol';
import { addHours } from '@recourse/protocol/review';
import type { CallContext } from '../context/context.ts';
import { found } from '../kernel/refusal.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { lockRecord } from '../records/lock-record.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { assignmentHours } from './appeal.rules.ts';
import {
  eligibleDisputes,
  findAssigned,
  type DisputeQuery,
  type DisputeRow,
} from './dispute-store.ts';

export async function lockDue(ctx: CallContext, sanction: string): Promise<LockedRecord> {
  return applyDueSteps(
    ctx,
    found(await lockRecord(ctx, sanction), () => true),
  );
}

export const looking = ({ now, caller: { holder } }: CallContext): DisputeQuery => ({
  holder,
  now,
  assignedSince: addHours(now, -assignmentHours),
});

/** The caller's assignment, as long as they may still judge and have not come onto the case. */
export async function assignedTo(
  ctx: CallContext,
  only: { review: ReviewId; item: number },
): Promise<DisputeRow> {
  const { db, caller } = ctx;
  const row = found(await findAssigned(db, { ...only, second: caller.holder }), () => true);
  const [still] = await eligibleDisputes(db, { ...looking(ctx), limit: 1, only });
  if (!still) throw new Problem('not-found');
  return row;
}
