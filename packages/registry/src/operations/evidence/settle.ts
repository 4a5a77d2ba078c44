import {
  toTimestamp,
  type DisputeAnswer,
  type DisputeEnd,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { findUnfounded } from '../../records/appeal-closing.ts';
import { endSanction } from '../../records/ending.ts';
import { standingOf } from '../../records/record.ts';
import { assignedTo, lockDue } from '../../review/assigned-dispute.ts';
import { keyedAssignments } from '../../review/assignment-store.ts';
import { confirmOne } from '../../review/confirm-delivery.ts';
import { closeDispute, type DisputeRow } from '../../review/dispute-store.ts';
import { hadMismatch, heldElsewhere, lastDelivered, reject } from '../../review/evidence-store.ts';
import { isAllDelivered, oweAgain } from '../../review/evidence.ts';
import { failInspection } from '../../review/inspection-closing.ts';
import { findInspection } from '../../review/inspection-store.ts';
import { lockBeside, type LockedReview } from '../../review/lock-review.ts';
import { changeReview, findReview, ruleOf } from '../../review/store.ts';

// A digest that does not fit is a claim. States of a dispute: open, assigned to a second reviewer, closed. The first reviewer
// attaches the content key of the JWE, and the second repeats the opening on the same bytes, which are kept for it. Closed as
// void: the item counts. As mismatch: the submitter delivers once more, and a second time is the end of the record. As moot:
// the item was destroyed, or the case closed.

/** The end of a dispute by what its second reviewer says. */
const endOfDispute: Readonly<Record<DisputeAnswer, DisputeEnd>> = {
  fits: 'void',
  'does-not-open': 'void',
  'does-not-fit': 'mismatch',
};

/** The word of the second reviewer decides. */
export async function settle(
  ctx: CallContext,
  { appeal: review, item, says }: OpInput<'evidence.settle'>,
): Promise<OpOutput<'evidence.settle'>> {
  const { db, now: at } = ctx;
  // Looked at before anything is locked: nobody holds up a case that is not theirs.
  const { sanction } = await assignedTo(ctx, { review, item });
  const record = await lockDue(ctx, sanction);
  const one = await assignedTo(ctx, { review, item });
  const closedAs = endOfDispute[says];
  await closeDispute(db, { review, item, as: closedAs, at });
  await record.note({
    event: ruleOf(review).inHistory ? 'dispute-settled' : undefined,
    cause: says,
    entry: 'dispute-settled',
    detail: { appeal: review, item, round: one.round, as: closedAs },
  });
  record.retain();
  const locked = { record, review: found(await findReview(db, review), () => true) };
  const answer = { appeal: review, item, closedAs };
  if (says === 'does-not-fit') return { ...answer, ...(await mismatch(ctx, locked, one)) };
  if (says === 'fits') await confirmSettled(ctx, locked);
  return { ...answer, recalls: 0 };
}

/** Confirms what a second reviewer found to fit, once nothing else is missing or disputed. */
async function confirmSettled(ctx: CallContext, locked: LockedReview): Promise<void> {
  if (await isAllDelivered(ctx.db, locked)) await confirmOne(ctx, locked);
}

/** Destroys the bytes in every case that has them: what does not fit here fits nowhere. */
async function mismatch(
  ctx: CallContext,
  locked: LockedReview,
  { review, item, round }: DisputeRow,
): Promise<{ recalls: number; evidenceDueAt?: string }> {
  const { db } = ctx;
  const { evidence } = found(await lastDelivered(db, { review, item, round }), () => true);
  const elsewhere = await heldElsewhere(db, { review, evidence });
  const answer = await mismatchOf(ctx, locked, { item, round });
  for (const copy of elsewhere) {
    const one = await lockBeside(ctx, copy.review);
    if (!one.review.closed_at) await mismatchOf(ctx, one, copy);
  }
  return answer;
}

/** One redelivery of each item, then the record was never shown to be right. The record is locked. */
async function mismatchOf(
  ctx: CallContext,
  locked: LockedReview,
  { item, round }: { item: number; round: number },
): Promise<{ recalls: number; evidenceDueAt?: string }> {
  const { db, now: at } = ctx;
  const review = locked.review.id;
  const delivered = found(await lastDelivered(db, { review, item, round }), () => true);
  const isSecond = await hadMismatch(db, { review, item, before: delivered.at });
  await reject(db, { review, item, round, at, why: 'mismatch' });
  if (isSecond) return { recalls: await endForMismatch(ctx, locked) };
  // Delivered anew meanwhile, for a reviewer who came later: that one counts. With nobody to seal to nothing is due.
  const isOwed = !(await lastDelivered(db, { review, item }));
  if (!isOwed || (await keyedAssignments(db, review)).length === 0) return { recalls: 0 };
  await changeReview(db, review, { evidence_confirmed_at: null });
  return { recalls: 0, evidenceDueAt: toTimestamp(await oweAgain(ctx, locked)) };
}

/** The record was never shown to be right. @returns the recalls that this owes */
async function endForMismatch(ctx: CallContext, { record, review }: LockedReview): Promise<number> {
  const cause = 'evidence-mismatch';
  const inspection = await findInspection(ctx.db, review.id);
  if (inspection) return failInspection(ctx, { inspection, record }, { as: 'undelivered', cause });
  if (standingOf(record, ctx.now).ended) return findUnfounded(ctx, record, { cause, at: ctx.now });
  return (await endSanction(ctx, record, { kind: 'reversed', cause, by: record.party })).recalls;
}
