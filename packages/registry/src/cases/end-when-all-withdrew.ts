import { lastWithdrawal, setWithdrawsAt } from '../review/join-store.ts';
import type { CaseContext } from './context.ts';

/** A claimant who signed the withdrawal may think again for so long; one who did not, before it counts. */
const withdrawalHours = 72;

export async function endWhenAllWithdrew(
  { db }: CaseContext,
  appeal: string,
): Promise<Date | null> {
  const endsAt = await lastWithdrawal(db, { appeal, hours: withdrawalHours });
  await setWithdrawsAt(db, appeal, endsAt);
  return endsAt;
}
