import {
  fromBase64url,
  Problem,
  toTimestamp,
  toBase64url,
  type DisputeAnswer,
  type DisputeEnd,
  type OpInput,
  type OpOutput,
  type ReviewId,
  type EvidenceClass,
  type GeneralJwe,
} from '@recourse/protocol';
import { addHours } from '../kernel/bounds.ts';
import { placeOf } from '../vault/vault.ts';
import type { CallContext } from '../context/context.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { refusal, found } from '../kernel/refusal.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { lockRecord } from '../records/lock-record.ts';
import { assignmentHours } from './appeal.rules.ts';
import { keyedAssignments, lockHolder } from './assignment-store.ts';
import { confirmOne } from './delivering.ts';
import {
  assignSecond,
  closeDispute,
  eligibleDisputes,
  findAssigned,
  hasDispute,
  insertDispute,
  type DisputeRow,
  type DisputeQuery,
} from './dispute-store.ts';
import { oweAgain, isAllDelivered } from './evidence.ts';
import { hadMismatch, heldElsewhere, lastDelivered, reject, openHeld } from './evidence-store.ts';
import { lockBeside, assertUndecided, lockTaken, type LockedReview } from './lock-review.ts';
import { changeReview, findReview, ruleOf } from './store.ts';
import { failInspection } from './inspection-closing.ts';
import { findInspection } from './inspection-store.ts';
import { findUnfounded } from '../records/appeal-closing.ts';
import { endSanction } from '../records/ending.ts';
import { readStatement } from '../parties/opening.ts';
import { standingOf } from '../records/record.ts';
import { findSanction } from '../records/store.ts';

// A digest that does not fit is a claim. States of a dispute: open, assigned to a second reviewer, closed. The first reviewer
// attaches the content key of the JWE, and the second repeats the opening on the same bytes, which are kept for it. Closed as
// void: the item counts. As mismatch: the submitter delivers once more, and a second time is the end of the record. As moot:
// the item was destroyed, or the case closed.

/** What becomes of a dispute by what its second reviewer says. */
const endOfDispute: Readonly<Record<DisputeAnswer, DisputeEnd>> = {
  fits: 'void',
  'does-not-open': 'void',
  'does-not-fit': 'mismatch',
};

/** Says that a delivered item is not what the statement committed to. */
export async function dispute(
  ctx: CallContext,
  { appeal: review, item, contentKey }: OpInput<'evidence.dispute'>,
): Promise<OpOutput<'evidence.dispute'>> {
  const { db, now: at, caller } = ctx;
  const { record, round } = await lockDelivered(ctx, { review, item });
  const where = { review, item, round };
  if (await hasDispute(db, where)) throw refusal('state-conflict', 'item', 'already-disputed');
  await insertDispute(db, {
    ...where,
    sanction: record.id,
    holder: caller.holder,
    at,
    content_key: record
      .key()
      .seal(fromBase64url(contentKey), placeOf('disputes.content_key', where)),
  });
  await changeReview(db, review, { evidence_confirmed_at: null });
  await record.note({
    event: ruleOf(review).inHistory ? 'evidence-disputed' : undefined,
    entry: 'evidence-disputed',
    detail: { appeal: review, item, round },
  });
  record.retain();
  return { appeal: review, item };
}

/** Looked at in one call at most: each is locked, and some were taken since they were listed. */
const mostTried = 8;

/** Assigned, not picked: what was disputed first, of records that the caller may judge and is new to. */
export async function recheck(ctx: CallContext): Promise<OpOutput<'evidence.recheck'>> {
  const { db, now, caller } = ctx;
  const { holder } = caller;
  await lockHolder(db, holder);
  const of = looking(ctx);
  for (const { review, item, sanction } of await eligibleDisputes(db, {
    ...of,
    limit: mostTried,
  })) {
    await lockDue(ctx, sanction);
    const [still] = await eligibleDisputes(db, { ...of, limit: 1, only: { review, item } });
    if (!still) continue;
    await assignSecond(db, { review, item, second: holder, at: now });
    return { appeal: review, item, sanction };
  }
  throw new Problem('not-found', { detail: 'no disputed item waits' });
}

async function lockDue(ctx: CallContext, sanction: string): Promise<LockedRecord> {
  return applyDueSteps(
    ctx,
    found(await lockRecord(ctx, sanction), () => true),
  );
}

const looking = ({ now, caller: { holder } }: CallContext): DisputeQuery => ({
  holder,
  now,
  assignedSince: addHours(now, -assignmentHours),
});

/** The caller's assignment, as long as they may still judge and have not come onto the case. */
async function assignedTo(
  ctx: CallContext,
  only: { review: ReviewId; item: number },
): Promise<DisputeRow> {
  const { db, caller } = ctx;
  const row = found(await findAssigned(db, { ...only, second: caller.holder }), () => true);
  const [still] = await eligibleDisputes(db, { ...looking(ctx), limit: 1, only });
  if (!still) throw new Problem('not-found');
  return row;
}

/** The disputed item as it was sealed, and the key that the first reviewer found. */
export async function disputed(
  ctx: CallContext,
  { appeal: review, item }: OpInput<'evidence.disputed'>,
): Promise<OpOutput<'evidence.disputed'>> {
  return { item, ...(await openDisputed(ctx, await assignedTo(ctx, { review, item }))) };
}

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

/** What a second reviewer found to fit is confirmed, once nothing else is missing or disputed. */
async function confirmSettled(ctx: CallContext, locked: LockedReview): Promise<void> {
  if (await isAllDelivered(ctx.db, locked)) await confirmOne(ctx, locked);
}

/** What does not fit here fits nowhere: of every case that has the same bytes they are destroyed. */
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

/** An own assignment with an item that was delivered to it, locked. */
async function lockDelivered(
  ctx: CallContext,
  { review, item }: { review: ReviewId; item: number },
): Promise<{ record: LockedRecord; round: number }> {
  const { record, assignment } = await lockTaken(ctx, review);
  await assertUndecided(ctx, record.id);
  const last = await lastDelivered(ctx.db, { review, item });
  const round = last?.round ?? 0;
  const jwe = last && openHeld(record.key(), last);
  // What was sealed to others alone, this reviewer has not opened.
  if (!last || !jwe?.recipients.some(({ header }) => header.kid === assignment.sealing_kid)) {
    throw refusal('state-conflict', 'item', 'not-delivered');
  }
  return { record, round };
}

/** A disputed item as it was sealed, and the key that the first reviewer found. */
async function openDisputed(
  ctx: CallContext,
  dispute: DisputeRow,
): Promise<{ class: EvidenceClass; statement: string; jwe: GeneralJwe; contentKey: string }> {
  const held = found(await lastDelivered(ctx.db, dispute), () => true);
  const record = found(await findSanction(ctx.db, dispute.sanction), () => true);
  const caseKey = ctx.services.vault.keyOf(record);
  const key = found(dispute.content_key ?? undefined, () => true);
  const stated = found(readStatement(record.statement).evidence[dispute.item], () => true);
  return {
    class: stated.class,
    statement: record.statement,
    jwe: openHeld(caseKey, held),
    contentKey: toBase64url(caseKey.open(key, placeOf('disputes.content_key', dispute))),
  };
}

/** The record was never shown to be right. @returns the recalls that this owes */
async function endForMismatch(ctx: CallContext, { record, review }: LockedReview): Promise<number> {
  const cause = 'evidence-mismatch';
  const inspection = await findInspection(ctx.db, review.id);
  if (inspection) return failInspection(ctx, { inspection, record }, { as: 'undelivered', cause });
  if (standingOf(record, ctx.now).ended) return findUnfounded(ctx, record, { cause, at: ctx.now });
  return (await endSanction(ctx, record, { kind: 'reversed', cause, by: record.party })).recalls;
}
