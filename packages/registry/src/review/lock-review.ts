import { Problem } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { materialise } from '../records/apply-due-steps.ts';
import { refusal } from '../kernel/refusal.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { lockRecord } from '../records/lock-record.ts';
import { findSanction, type SanctionRow } from '../records/store.ts';
import { found } from '../submissions/views.ts';
import { findClaim, isIndependent, type ClaimRow, type KeyedClaimRow } from './claim-store.ts';
import { hasDecided } from './decision-store.ts';
import { findReview, type ReviewRow } from './review-store.ts';
import { findAppeal, type AppealRow } from './store.ts';

export interface FoundReview {
  readonly record: SanctionRow;
  readonly review: ReviewRow;
}

export interface LockedReview extends FoundReview {
  readonly record: LockedRecord;
}

export interface LockedAppeal {
  readonly record: LockedRecord;
  readonly appeal: AppealRow;
}

/** Locks the sanction of a case and writes what is due on it: a deadline that passed is not met any more. */
export async function lockReview(ctx: CallContext, row: ReviewRow): Promise<LockedReview> {
  const locked = await lockRecord(ctx, row.sanction);
  if (!locked) throw new Problem('not-found');
  const record = await materialise(ctx, locked);
  return { record, review: (await findReview(ctx.db, row.id)) ?? row };
}

/** Another case of a batch, by its id. */
export const lockBeside = async (ctx: CallContext, id: string): Promise<LockedReview> =>
  lockReview(
    ctx,
    found(await findReview(ctx.db, id), () => true),
  );

/** What an appeal alone has, of a case that is one; anything else looks like none. */
export async function withAppeal<C extends { readonly review: ReviewRow }>(
  { db }: Pick<CallContext, 'db'>,
  one: C,
): Promise<C & { appeal: AppealRow }> {
  return { ...one, appeal: found(await findAppeal(db, one.review.id), () => true) };
}

/** A case on an own sanction, for its submitter. Ids of others read like none. */
export async function findOwn(ctx: CallContext, id: string): Promise<FoundReview> {
  const review = found(await findReview(ctx.db, id), () => true);
  const { party } = ctx.caller;
  // What was written in an appeal is gone with its case.
  const isOwn = (one: SanctionRow): boolean => one.party === party && one.erased_at === null;
  const record = found(await findSanction(ctx.db, review.sanction), isOwn);
  return { record, review };
}

export async function lockOwn(ctx: CallContext, id: string): Promise<LockedReview> {
  const own = await findOwn(ctx, id);
  const locked = await lockReview(ctx, own.review);
  if (locked.review.closed_at) throw refusal('state-conflict', 'appeal', 'closed');
  return locked;
}

export interface Assigned extends LockedReview {
  readonly claim: ClaimRow;
}

/** A case that the caller was assigned and has not given back. */
export async function lockAssigned(ctx: CallContext, id: string): Promise<Assigned> {
  const of = { review: id, holder: ctx.caller.holder };
  // Looked at before anything is locked: nobody holds up a case that is not theirs.
  found(await findClaim(ctx.db, of), (claim) => isLive(claim, ctx.now));
  const row = found(await findReview(ctx.db, id), () => true);
  const locked = await lockReview(ctx, row);
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

export interface Claimed extends LockedReview {
  readonly claim: KeyedClaimRow;
}

/** Who belongs to the case since it was assigned, or sits no more, reads and judges nothing of it: they may only give it back. */
export async function assertIndependent(
  { db, now, caller: { holder } }: CallContext,
  sanction: string,
): Promise<void> {
  if (!(await isIndependent(db, { sanction, holder, now }))) throw new Problem('not-found');
}

/** A case that the caller is on, with a key. */
export async function lockClaimed(ctx: CallContext, id: string): Promise<Claimed> {
  const { claim, ...locked } = await lockAssigned(ctx, id);
  await assertIndependent(ctx, claim.sanction);
  return { ...locked, claim: withKey(claim) };
}

/** The same for a read. */
export async function findClaimed(
  ctx: CallContext,
  id: string,
): Promise<FoundReview & { readonly claim: KeyedClaimRow }> {
  const of = { review: id, holder: ctx.caller.holder };
  const claim = found(await findClaim(ctx.db, of), (one) => isLive(one, ctx.now));
  await assertIndependent(ctx, claim.sanction);
  const review = found(await findReview(ctx.db, id), ({ closed_at }) => closed_at === null);
  const record = found(await findSanction(ctx.db, review.sanction), () => true);
  return { review, record, claim: withKey(claim) };
}

const isLive = (claim: ClaimRow, now: Date): boolean =>
  claim.keyed_at !== null || claim.expires_at > now;

function withKey(claim: ClaimRow): KeyedClaimRow {
  const { statement, sealing_kid, keyed_at } = claim;
  if (statement === null || sealing_kid === null || !keyed_at) throw new Problem('not-found');
  return { ...claim, statement, sealing_kid, keyed_at };
}
