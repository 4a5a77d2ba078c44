import { Problem } from '@recourse/protocol';
import type { CallContext } from '../context.ts';
import { materialise } from '../sanctions/materialise.ts';
import { refusal } from '../sanctions/refusal.ts';
import { findSanction, lockSanction, type SanctionRow } from '../sanctions/store.ts';
import { found } from '../sanctions/views.ts';
import { findClaim, isIndependent, type ClaimRow, type KeyedClaimRow } from './claim-store.ts';
import { hasDecided } from './decision-store.ts';
import { findAppeal, type AppealRow } from './store.ts';

export interface LockedAppeal {
  readonly record: SanctionRow;
  readonly appeal: AppealRow;
}

/** Locks the sanction of an appeal and writes what is due on it: a deadline that passed is not met any more. */
export async function lockAppeal(ctx: CallContext, row: AppealRow): Promise<LockedAppeal> {
  const locked = await lockSanction(ctx.db, row.sanction);
  if (!locked) throw new Problem('not-found');
  const record = await materialise(ctx, locked);
  return { record, appeal: (await findAppeal(ctx.db, row.id)) ?? row };
}

/** An own sanction's appeal, for its submitter. Ids of others read like none. */
export async function findOwn(ctx: CallContext, appeal: string): Promise<LockedAppeal> {
  const row = found(await findAppeal(ctx.db, appeal), () => true);
  const { party } = ctx.caller;
  // What was written in an appeal is gone with its case.
  const isOwn = (one: SanctionRow): boolean => one.party === party && one.erased_at === null;
  const record = found(await findSanction(ctx.db, row.sanction), isOwn);
  return { record, appeal: row };
}

export async function lockOwn(ctx: CallContext, appeal: string): Promise<LockedAppeal> {
  const own = await findOwn(ctx, appeal);
  const locked = await lockAppeal(ctx, own.appeal);
  if (locked.appeal.closed_at) throw refusal('state-conflict', 'appeal', 'closed');
  return locked;
}

export interface Assigned extends LockedAppeal {
  readonly claim: ClaimRow;
}

/** An appeal that the caller was assigned and has not given back. */
export async function lockAssigned(ctx: CallContext, appeal: string): Promise<Assigned> {
  const of = { appeal, holder: ctx.caller.holder };
  // Looked at before anything is locked: nobody holds up a case that is not theirs.
  found(await findClaim(ctx.db, of), (claim) => isLive(claim, ctx.now));
  const row = found(await findAppeal(ctx.db, appeal), () => true);
  const locked = await lockAppeal(ctx, row);
  const claim = found(await findClaim(ctx.db, of), (one) => isLive(one, ctx.now));
  return { ...locked, claim };
}

/** A reviewer decides a sanction once, has nothing left to do on it then, and cannot take the vote along. */
export async function assertUndecided(
  { db, caller }: CallContext,
  sanction: string,
): Promise<void> {
  if (await hasDecided(db, { sanction, holder: caller.holder })) {
    throw new Problem('already-decided');
  }
}

export interface Claimed extends LockedAppeal {
  readonly claim: KeyedClaimRow;
}

/** Who belongs to the case since it was assigned, or sits no more, reads and judges nothing of it: they may only give it back. */
export async function assertIndependent(
  { db, now, caller: { holder } }: CallContext,
  sanction: string,
): Promise<void> {
  if (!(await isIndependent(db, { sanction, holder, now }))) throw new Problem('not-found');
}

/** An appeal that the caller is on, with a key. */
export async function lockClaimed(ctx: CallContext, appeal: string): Promise<Claimed> {
  const { claim, ...locked } = await lockAssigned(ctx, appeal);
  await assertIndependent(ctx, claim.sanction);
  return { ...locked, claim: withKey(claim) };
}

/** The same for a read. */
export async function findClaimed(ctx: CallContext, appeal: string): Promise<Claimed> {
  const of = { appeal, holder: ctx.caller.holder };
  const claim = found(await findClaim(ctx.db, of), (one) => isLive(one, ctx.now));
  await assertIndependent(ctx, claim.sanction);
  const row = found(await findAppeal(ctx.db, appeal), ({ closed_at }) => closed_at === null);
  const record = found(await findSanction(ctx.db, row.sanction), () => true);
  return { appeal: row, record, claim: withKey(claim) };
}

const isLive = (claim: ClaimRow, now: Date): boolean =>
  claim.keyed_at !== null || claim.expires_at > now;

function withKey(claim: ClaimRow): KeyedClaimRow {
  const { statement, sealing_kid, keyed_at } = claim;
  if (statement === null || sealing_kid === null || !keyed_at) throw new Problem('not-found');
  return { ...claim, statement, sealing_kid, keyed_at };
}
