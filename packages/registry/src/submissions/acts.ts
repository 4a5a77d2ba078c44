import type { Id } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { liveSignedBy, shareSigner, type SignerRow } from '../parties/key-store.ts';
import { byTwoHolders } from '../parties/two-holders.ts';
import { endSanction } from '../records/ending.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { openWithdrawal } from '../parties/opening.ts';
import { standingOf } from '../records/record.ts';
import { refusal, found } from '../kernel/refusal.ts';
import type { ChangeResult, RecordEnding, LockedRecord } from '../records/transition-context.ts';
import { lockRecord } from '../records/lock-record.ts';
import type { SanctionRow } from '../records/store.ts';

/** Ends an own sanction. Under an appeal that is a concession, and counts as a reversal. */
export async function recordWithdrawal(
  ctx: CallContext,
  compact: string,
): Promise<ChangeResult & { id: string }> {
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
  return { ...(await endSanction(ctx, row, ending)), id: row.id };
}

/** Sanctions that one call voids: a transaction of bounded length, repeated until none remain. */
const voidedPerCall = 64;

interface CompromisedKey {
  readonly kid: string;
  readonly since: Date;
}

export interface VoidResult {
  readonly ended: Id<'snc'>[];
  readonly remaining: number;
}

/** Ends what a compromised key of the caller's party signed since an instant, as far as one call goes. */
export async function voidOwn(ctx: CallContext, of: CompromisedKey): Promise<VoidResult> {
  const signer = found(await shareSigner(ctx.db, of.kid), (row) => row.party === ctx.caller.party);
  return voidSigned(ctx, signer, of);
}

/** The same for a platform that cannot: two operator holders, the first of whom ends nothing. */
export async function voidByOperator(ctx: CallContext, of: CompromisedKey): Promise<VoidResult> {
  const signer = found(await shareSigner(ctx.db, of.kid), () => true);
  const live = await liveSignedBy(ctx.db, { ...of, now: ctx.now });
  let voided: VoidResult = { ended: [], remaining: live.length };
  await byTwoHolders(ctx, {
    op: 'sanctions.void',
    execute: async () => {
      voided = await voidSigned(ctx, signer, of);
      return undefined;
    },
  });
  return voided;
}

async function voidSigned(
  ctx: CallContext,
  signer: SignerRow,
  of: CompromisedKey,
): Promise<VoidResult> {
  if (signer.revoked_why !== 'compromised')
    throw refusal('state-conflict', 'kid', 'not-compromised');
  const live = await liveSignedBy(ctx.db, { ...of, now: ctx.now });
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
