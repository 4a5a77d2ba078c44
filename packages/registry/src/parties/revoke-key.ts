import { jcs, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { conflict } from '../kernel/refusal.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { lockRecord } from '../records/lock-record.ts';
import { standingOf } from '../records/record.ts';
import { suspend } from '../records/transition.ts';
import { latestActiveFrom, liveSignedBy, setRevoked, type KeyRow } from './key-store.ts';
import { logAct } from './log-act.ts';

export type Revocation = OpInput<'keys.revoke'>;

/**
 * Revokes a key whose row, and whose party's, the caller has locked: statements by it are ordered against
 * this, and count or not by that order and by `since`, never by their own `iat`.
 */
export async function revokeLocked(
  ctx: CallContext,
  key: KeyRow,
  revocation: { why: Revocation['why']; since: Date | null },
): Promise<OpOutput<'keys.revoke'>> {
  const { why, since } = revocation;
  // A key that was retired may turn out to have been stolen before. Nothing else is revoked twice.
  if (key.revoked_at && (why === 'retired' || key.revoked_why === 'compromised')) {
    throw conflict('kid', 'revoked');
  }
  const at = key.revoked_at ?? (await revocationTime(ctx, key.party));
  const { party, kid, holder } = key;
  const detail = { party, kid, holder, why, ...(since ? { since: toTimestamp(since) } : {}) };
  const entry = jcs(logAct(ctx, 'key-revoked', detail));
  await setRevoked(ctx.db, kid, { at, why, since, entry });
  const suspended = since ? await suspendSigned(ctx, { kid, since }) : 0;
  return { kid, revokedAt: toTimestamp(at), suspended };
}

/** Not before any key that it signed, whatever the clocks of two servers say: the chain would not verify. */
async function revocationTime(ctx: CallContext, party: string): Promise<Date> {
  const latest = await latestActiveFrom(ctx.db, party);
  const now = ctx.services.clock();
  return latest > now ? latest : now;
}

const cause = 'key-compromised';

/**
 * Suspends every live sanction that a stolen key signed and the registry received at or after `since`. The
 * caller holds the key's row for update, and a submission holds it shared, so none slips past.
 *
 * @returns how many were suspended
 */
async function suspendSigned(
  ctx: CallContext,
  stolen: { kid: string; since: Date },
): Promise<number> {
  let suspended = 0;
  for (const id of await liveSignedBy(ctx.db, { ...stolen, now: ctx.now })) {
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
