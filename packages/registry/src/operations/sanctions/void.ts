import { fromNumericDate, type Id, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found, refusal } from '../../kernel/refusal.ts';
import { liveSignedBy, shareSigner, type SignerRow } from '../../parties/key-store.ts';
import { byTwoHolders } from '../../parties/two-holders.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { endSanction } from '../../records/ending.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { standingOf } from '../../records/record.ts';

/** Sanctions that one call voids: a transaction of bounded length, repeated until none remain. */
const voidedPerCall = 64;

type VoidResult = OpOutput<'sanctions.void'>;

/**
 * Ends what a compromised key signed since an instant, as far as one call goes. A platform does so with its own keys. For a
 * platform that cannot, two operator holders do, the first of whom ends nothing.
 */
export async function voidSigned(
  ctx: CallContext,
  { kid, since }: OpInput<'sanctions.void'>,
): Promise<VoidResult> {
  const { db, now, caller } = ctx;
  const isOperator = caller.role === 'operator';
  const signer = found(
    await shareSigner(db, kid),
    ({ party }) => isOperator || party === caller.party,
  );
  const signed = { kid, since: fromNumericDate(since), now };
  if (!isOperator) return endSigned(ctx, signer, await liveSignedBy(db, signed));
  const live = await liveSignedBy(db, signed);
  let voided: VoidResult = { ended: [], remaining: live.length };
  await byTwoHolders(ctx, {
    op: 'sanctions.void',
    execute: async () => {
      voided = await endSigned(ctx, signer, await liveSignedBy(db, signed));
      return undefined;
    },
  });
  return voided;
}

async function endSigned(
  ctx: CallContext,
  signer: SignerRow,
  live: readonly string[],
): Promise<VoidResult> {
  if (signer.revoked_why !== 'compromised')
    throw refusal('state-conflict', 'kid', 'not-compromised');
  const ended: Id<'snc'>[] = [];
  for (const id of live.slice(0, voidedPerCall)) {
    const locked = await lockRecord(ctx, id);
    // Another call may have ended it between the list and the lock.
    if (!locked || standingOf(locked, ctx.now).ended) continue;
    const row = await applyDueSteps(ctx, locked);
    await endSanction(ctx, row, {
      // Whoever appealed was right.
      kind: row.appeal === null ? 'withdrawn' : 'reversed',
      cause: 'key-compromise',
      by: ctx.caller.party,
    });
    row.retain();
    ended.push(row.id);
  }
  return { ended, remaining: Math.max(0, live.length - voidedPerCall) };
}
