import type { CallContext } from '../context/context.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { standingOf } from '../records/record.ts';
import { lockRecord } from '../records/lock-record.ts';
import { liveSignedBy } from './key-store.ts';
import { suspend } from '../records/transition.ts';

const cause = 'key-compromised';

/**
 * Suspends every live sanction that a stolen key signed and the registry received at or after `since`. The
 * caller holds the key's row for update, and a submission holds it shared, so none slips past.
 *
 * @returns how many were suspended
 */
export async function suspendSigned(
  ctx: CallContext,
  of: { kid: string; since: Date },
): Promise<number> {
  let suspended = 0;
  for (const id of await liveSignedBy(ctx.db, { ...of, now: ctx.now })) {
    const locked = await lockRecord(ctx, id);
    if (!locked?.submitted_at) continue;
    const record = await applyDueSteps(ctx, locked);
    if (standingOf(record, ctx.now).ended) continue;
    if (record.open_suspensions.some((open) => open.cause === cause)) continue;
    await suspend(ctx, record, { cause, since: ctx.now });
    record.retain();
    suspended++;
  }
  return suspended;
}
