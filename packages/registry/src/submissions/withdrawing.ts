import { fromNumericDate, type Id, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { liveSignedBy, shareSigner, type SignerRow } from '../parties/key-store.ts';
import { byTwoHolders } from '../parties/two-holders.ts';
import { endSanction } from '../records/ending.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { openWithdrawal } from '../parties/opening.ts';
import { standingOf } from '../records/record.ts';
import { refusal, found } from '../kernel/refusal.ts';
import type { RecordEnding, LockedRecord } from '../records/transition-context.ts';
import { lockRecord } from '../records/lock-record.ts';
import type { SanctionRow } from '../records/store.ts';
import { resultOf } from './views.ts';

/** Ends an own sanction. Under an appeal that is a concession, and counts as a reversal. */
export async function withdraw(
  ctx: CallContext,
  { withdrawal: compact }: OpInput<'sanctions.withdraw'>,
): Promise<OpOutput<'sanctions.withdraw'>> {
  const withdrawal = await openWithdrawal(ctx, { compact, named: 'withdrawal' });
  const locked = await lockOwn(ctx, withdrawal.sub);
  assertLive(locked, ctx.now);
  const row = await applyDueSteps(ctx, locked);
  const ending: RecordEnding = {
    ...(row.appeal === null
      ? { kind: 'withdrawn', cause: withdrawal.cause }
      : { kind: 'reversed', cause: 'conceded', concession: withdrawal.cause }),
    by: ctx.caller.party,
    artefact: compact,
  };
  row.retain();
  const { recalls } = await endSanction(ctx, row, ending);
  return { ...resultOf(await row.refresh(), ctx.now), recalls };
}

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

async function lockOwn(ctx: CallContext, id: string): Promise<LockedRecord> {
  return found(await lockRecord(ctx, id), (row) => row.party === ctx.caller.party);
}

function assertLive(row: SanctionRow, now: Date): void {
  if (standingOf(row, now).ended) throw refusal('state-conflict', 'sanction', 'ended');
}
