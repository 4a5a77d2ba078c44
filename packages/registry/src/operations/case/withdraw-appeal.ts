import { toTimestamp, unsignedActDays, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { lockInPerson, lockJoined } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { endWhenAllWithdrew } from '../../cases/end-when-all-withdrew.ts';
import { readSignedAct, type SignedAct } from '../../cases/signed-act.ts';
import { joinedIn, notWithdrawn, setJoinWithdrawal } from '../../review/join-store.ts';

/**
 * Binds this claimant alone: at once when they signed it, after 14 days when not. The appeal ends 72 h after all who joined
 * it withdrew, unless one of them carries it on.
 */
export async function withdrawAppeal(
  ctx: CaseContext,
  { key, jti, keep = false, act: compact }: CaseInput<'case.withdrawAppeal'>,
): Promise<CaseOutput<'case.withdrawAppeal'>> {
  const { db, now } = ctx;
  const { record, claimant, appeal, speaker } = await lockJoined(ctx, key, lockInPerson);
  const signed = await readSignedAct(ctx, claimant, { act: 'withdraw-appeal', jti, compact });
  const asked = await withdrawsAt(ctx, { appeal, speaker, record });
  if (keep === (asked !== null)) {
    const withdrawal = keep ? notWithdrawn : withdrawnBy(signed, now);
    await setJoinWithdrawal(db, { appeal, claimant: speaker, withdrawal });
    const how = keep ? { kept: true } : signed.detail;
    const detail = { appeal, ...how };
    const event = keep ? 'appeal-kept' : 'withdrawal-asked';
    await record.note({ event, entry: 'appeal-withdrawal', detail });
  }
  const endsAt = await endWhenAllWithdrew(ctx, appeal);
  const from = await withdrawsAt(ctx, { appeal, speaker, record });
  return {
    appeal,
    ...(from ? { withdrawsAt: toTimestamp(from) } : {}),
    ...(endsAt ? { effectiveAt: toTimestamp(endsAt) } : {}),
  };
}

const withdrawnBy = ({ act }: SignedAct, now: Date) => ({
  withdrawal_at: now,
  withdraws_at: act === null ? addDays(now, unsignedActDays) : now,
  withdrawal: act,
});

async function withdrawsAt(
  { db }: CaseContext,
  { appeal, speaker, record }: { appeal: string; speaker: string; record: { id: string } },
): Promise<Date | null> {
  const joined = await joinedIn(db, { sanction: record.id, claimant: speaker });
  return joined.find((join) => join.appeal === appeal)?.withdraws_at ?? null;
}
