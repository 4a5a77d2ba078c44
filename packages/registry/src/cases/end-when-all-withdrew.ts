import { addHours } from '@recourse/protocol/review';
import { joinsOf, setWithdrawsAt } from '../review/join-store.ts';
import type { CaseContext } from './context.ts';

/** Who signed their withdrawal may think again for so long; who did not, before it counts. */
const withdrawalHours = 72;

export async function endWhenAllWithdrew(
  { db }: CaseContext,
  appeal: string,
): Promise<Date | null> {
  const ends = (await joinsOf(db, appeal)).map(({ withdrawal, withdraws_at: at }) =>
    at && withdrawal !== null ? addHours(at, withdrawalHours) : at,
  );
  const endsAt = ends.every((at) => at !== null)
    ? new Date(Math.max(...ends.map((at) => at.getTime())))
    : null;
  await setWithdrawsAt(db, appeal, endsAt);
  return endsAt;
}
