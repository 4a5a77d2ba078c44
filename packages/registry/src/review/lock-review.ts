import { Problem } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { refusal, found } from '../kernel/refusal.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { isLiftedAt } from '../records/life.rules.ts';
import { lockRecord } from '../records/lock-record.ts';
import { findSanction, type SanctionRow } from '../records/store.ts';
import {
  findAssignment,
  isIndependent,
  type AssignmentRow,
  type KeyedAssignmentRow,
} from './assignment-store.ts';
import { hasDecided } from './decision-store.ts';
import { closeLapsed } from './inspection-closing.ts';
import { findAppeal, type AppealRow, findReview, type ReviewRow } from './store.ts';

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
  const record = await closeLapsed(ctx, await applyDueSteps(ctx, locked));
  return { record, review: (await findReview(ctx.db, row.id)) ?? row };
}

/** Another case of a batch, by its id. */
export const lockBeside = async (ctx: CallContext, id: string): Promise<LockedReview> =>
  lockReview(
    ctx,
    found(await findReview(ctx.db, id), () => true),
  );

/** Adds what an appeal alone has to a case that is one; anything else looks like none. */
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

export interface AssignedReview extends LockedReview {
  readonly assignment: AssignmentRow;
}

/** A case that the caller was assigned and has not given back. */
export async function lockAssigned(ctx: CallContext, id: string): Promise<AssignedReview> {
  const of = { review: id, holder: ctx.caller.holder };
  // Looked at before anything is locked: nobody holds up a case that is not theirs.
  found(await findAssignment(ctx.db, of), (assignment) => isLive(assignment, ctx.now));
  const row = found(await findReview(ctx.db, id), () => true);
  const locked = await lockReview(ctx, row);
  const assignment = found(await findAssignment(ctx.db, of), (one) => isLive(one, ctx.now));
  return { ...locked, assignment };
}

/** A reviewer decides a case once, has nothing left to do on it then, and cannot take the vote along. */
export async function assertUndecided({ db, caller }: CallContext, review: string): Promise<void> {
  if (await hasDecided(db, { review, holder: caller.holder })) {
    throw new Problem('already-decided');
  }
}

export interface TakenReview extends LockedReview {
  readonly assignment: KeyedAssignmentRow;
}

/**
 * Refuses a reviewer who belongs to the case since it was assigned, or sits no more: they read and judge nothing of it,
 * and may only give it back.
 */
export async function assertIndependent(
  { db, now, caller: { holder } }: CallContext,
  sanction: string,
): Promise<void> {
  if (!(await isIndependent(db, { sanction, holder, now }))) throw new Problem('not-found');
}

/** A case that the caller is on, with a key. */
export async function lockTaken(ctx: CallContext, id: string): Promise<TakenReview> {
  const { assignment, ...locked } = await lockAssigned(ctx, id);
  await assertIndependent(ctx, assignment.sanction);
  return { ...locked, assignment: withKey(assignment) };
}

/** The same for a read. */
export async function findTaken(
  ctx: CallContext,
  id: string,
): Promise<FoundReview & { readonly assignment: KeyedAssignmentRow }> {
  const of = { review: id, holder: ctx.caller.holder };
  const assignment = found(await findAssignment(ctx.db, of), (one) => isLive(one, ctx.now));
  await assertIndependent(ctx, assignment.sanction);
  const review = found(await findReview(ctx.db, id), ({ closed_at }) => closed_at === null);
  const isOpen = (one: SanctionRow): boolean =>
    one.inspection !== id || !isLiftedAt({ overAt: one.inspection_over_at }, ctx.now);
  const record = found(await findSanction(ctx.db, review.sanction), isOpen);
  return { review, record, assignment: withKey(assignment) };
}

const isLive = (assignment: AssignmentRow, now: Date): boolean =>
  assignment.keyed_at !== null || assignment.expires_at > now;

function withKey(assignment: AssignmentRow): KeyedAssignmentRow {
  const { statement, sealing_kid, keyed_at } = assignment;
  if (statement === null || sealing_kid === null || !keyed_at) throw new Problem('not-found');
  return { ...assignment, statement, sealing_kid, keyed_at };
}
