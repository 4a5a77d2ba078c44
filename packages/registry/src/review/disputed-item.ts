import {
  toBase64url,
  type EvidenceClass,
  type GeneralJwe,
  type ReviewId,
} from '@recourse/protocol';
import { failInspection } from './inspection-failing.ts';
import { findInspection } from './inspection-store.ts';
import { keyOf } from '../vault/case-keys.ts';
import { placeOf } from '../vault/vault.ts';
import type { CallContext } from '../context/context.ts';
import { findUnfounded } from '../records/appeal-closing.ts';
import { endSanction } from '../records/ending.ts';
import { readStatement } from '../parties/opening.ts';
import { standingOf } from '../records/record.ts';
import { refusal } from '../kernel/refusal.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { findSanction } from '../records/store.ts';
import { found } from '../submissions/views.ts';
import type { DisputeRow } from './dispute-store.ts';
import { lastDelivered, openHeld } from './evidence-store.ts';
import { assertUndecided, lockTaken, type LockedReview } from './lock-review.ts';

/** An own assignment with an item that was delivered to it, locked. */
export async function lockDelivered(
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
export async function openDisputed(
  ctx: CallContext,
  dispute: DisputeRow,
): Promise<{ class: EvidenceClass; statement: string; jwe: GeneralJwe; contentKey: string }> {
  const held = found(await lastDelivered(ctx.db, dispute), () => true);
  const record = found(await findSanction(ctx.db, dispute.sanction), () => true);
  const caseKey = keyOf(ctx, record);
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
export async function endForMismatch(
  ctx: CallContext,
  { record, review }: LockedReview,
): Promise<number> {
  const cause = 'evidence-mismatch';
  const inspection = await findInspection(ctx.db, review.id);
  if (inspection) return failInspection(ctx, { inspection, record }, { as: 'undelivered', cause });
  if (standingOf(record, ctx.now).ended) return findUnfounded(ctx, record, { cause, at: ctx.now });
  return (await endSanction(ctx, record, { kind: 'reversed', cause, by: record.party })).recalls;
}
