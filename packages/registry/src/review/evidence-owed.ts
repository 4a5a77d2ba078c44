import { isId, toNumericDate, type ReviewId } from '@recourse/protocol';
import { redeliveryClock, type EvidenceClock } from '@recourse/protocol/review';
import { renewAssignments } from './renew-assignments.ts';
import { emit } from '../told/events/emit.ts';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import type { SanctionRow } from '../records/store.ts';
import { lift } from '../records/transition.ts';
import { keyedAssignments } from './assignment-store.ts';
import { missingItems } from './evidence.rules.ts';
import { firstRejection } from './evidence-store.ts';
import type { FoundReview } from './lock-review.ts';
import { changeReview } from './review-store.ts';
import { evidenceOf } from './view.ts';

/**
 * Sets when evidence is due, or that none is. More time lifts no suspension: what was overdue is suspended
 * until it is there.
 */
export async function setEvidenceDue(
  { db, now }: Pick<TransitionContext, 'db' | 'now'>,
  review: string,
  clock: EvidenceClock | null,
): Promise<void> {
  await changeReview(db, review, {
    evidence_due_at: clock?.dueAt ?? null,
    evidence_lapses_at: clock?.lapsesAt ?? null,
  });
  await renewAssignments(db, { review, now });
}

/** Whoever tells the submitter, also of what only the log says. */
type EvidenceContext = Parameters<typeof emit>[0] &
  Pick<TransitionContext, 'db' | 'now' | 'services'>;

/** An item was destroyed: the submitter is told until when a fit one is due. */
export async function oweAgain(
  ctx: EvidenceContext,
  { record, review }: FoundReview,
): Promise<Date> {
  const { db, now, services } = ctx;
  const { evidence_due_at: due, evidence_lapses_at: lapses } = review;
  const firstAt = (await firstRejection(db, review.id)) ?? now;
  const owed = due && lapses ? { dueAt: due, lapsesAt: lapses } : {};
  const clock = redeliveryClock({ now, firstAt, owed }, services.deadlines);
  await setEvidenceDue(ctx, review.id, clock);
  await requestEvidence(ctx, { record, review: review.id, due: clock.dueAt });
  return clock.dueAt;
}

/** Tells the submitter until when evidence is due. */
export const requestEvidence = (
  ctx: Parameters<typeof emit>[0],
  of: { record: SanctionRow; review: ReviewId; due: Date },
): Promise<void> =>
  emit(ctx, {
    party: of.record.party,
    sanction: of.record.id,
    type: 'evidence-requested',
    body: {
      version: of.record.version,
      ...(isId('itm', of.review) ? { item: of.review } : { appeal: of.review }),
      dueAt: toNumericDate(of.due),
    },
  });

/** Nothing is owed once every reviewer can open every item, however late; answers what is missing. */
export async function settleEvidence(
  ctx: TransitionContext,
  record: LockedRecord,
  review: string,
): Promise<number[]> {
  const { states } = await evidenceOf(ctx.db, { review, statement: record.statement });
  const missing = missingItems(states);
  if (missing.length > 0) return missing;
  await setEvidenceDue(ctx, review, null);
  await lift(ctx, record, { causes: ['evidence-overdue'], at: ctx.now });
  return missing;
}

/** An assignment was lost: with nobody left to seal to nothing is due, and what the others can open may be all. */
export async function afterLostAssignment(
  ctx: TransitionContext,
  record: LockedRecord,
  review: string,
): Promise<void> {
  const left = await keyedAssignments(ctx.db, review);
  // Whoever comes next opens and compares for themselves.
  if (left.length === 0) await changeReview(ctx.db, review, { evidence_confirmed_at: null });
  if (left.length === 0) await setEvidenceDue(ctx, review, null);
  else await settleEvidence(ctx, record, review);
}
