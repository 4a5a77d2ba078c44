import { joinAppeal, type AppealJoin } from '../review/join-appeal.ts';
import { notWithdrawn, setJoinWithdrawal } from '../review/join-store.ts';
import type { AppealRow } from '../review/store.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import type { CaseContext } from './context.ts';
import { endWhenAllWithdrew } from './end-when-all-withdrew.ts';

/** Joins the open appeal; who had withdrawn carries it on. */
export async function joinOpen(
  ctx: CaseContext,
  record: LockedRecord,
  joining: AppealJoin,
): Promise<AppealRow> {
  const { appeal, claimant } = joining;
  const joined = await joinAppeal(ctx, record, joining);
  await setJoinWithdrawal(ctx.db, { appeal, claimant, withdrawal: notWithdrawn });
  await endWhenAllWithdrew(ctx, appeal);
  return joined;
}
