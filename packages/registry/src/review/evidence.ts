import {
  isId,
  toNumericDate,
  type DeliveredClass,
  type EvidenceState,
  type ReviewId,
} from '@recourse/protocol';
import { redeliveryClock, type EvidenceClock } from '@recourse/protocol/review';
import { emit } from '../told/events/emit.ts';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import type { SanctionRow } from '../records/store.ts';
import { lift } from '../records/transition.ts';
import { keyedAssignments, renewAssignments } from './assignment-store.ts';
import { missingItems, evidenceStates } from './evidence.rules.ts';
import { firstRejection, deliveriesOf } from './evidence-store.ts';
import { withdrawalOf } from './inspection-store.ts';
import type { FoundReview } from './lock-review.ts';
import { changeReview } from './store.ts';
import type { Db } from '../kernel/database.ts';
import { readStatement, readWithdrawal } from '../parties/opening.ts';
import { refusal } from '../kernel/refusal.ts';

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
  { record, review, due }: { record: SanctionRow; review: ReviewId; due: Date },
): Promise<void> =>
  emit(ctx, {
    party: record.party,
    sanction: record.id,
    type: 'evidence-requested',
    body: {
      version: record.version,
      ...(isId('itm', review) ? { item: review } : { appeal: review }),
      dueAt: toNumericDate(due),
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

/** What a case is judged by: the evidence of the statement, or of a home reversal the complaint. */
export async function statedEvidence(
  db: Db,
  { review, statement }: { review: string; statement: string },
): Promise<readonly { class: DeliveredClass; commitment: string }[]> {
  const withdrawal = isId('itm', review) ? await withdrawalOf(db, review) : undefined;
  if (withdrawal === undefined) return readStatement(statement).evidence;
  const { lifted } = readWithdrawal(withdrawal);
  return lifted ? [{ class: 'complaint', commitment: lifted.complaint }] : [];
}

/** Reads what is there of the evidence of a case, and the keys that all of it is sealed to. */
export async function evidenceOf(
  db: Db,
  { review, statement }: { review: string; statement: string },
): Promise<{ states: EvidenceState[]; kids: string[] }> {
  const kids = (await keyedAssignments(db, review)).map(({ sealing_kid }) => sealing_kid);
  const evidence = await statedEvidence(db, { review, statement });
  const deliveries = await deliveriesOf(db, review);
  return { states: evidenceStates(evidence, { deliveries, kids }), kids };
}

const statesOf = async (db: Db, { record, review }: FoundReview): Promise<EvidenceState[]> =>
  (await evidenceOf(db, { review: review.id, statement: record.statement })).states;

export const isAllDelivered = async (db: Db, found: FoundReview): Promise<boolean> =>
  (await statesOf(db, found)).every(({ delivered, disputed }) => delivered && !disputed);

export async function assertAllDelivered(db: Db, found: FoundReview): Promise<void> {
  const states = await statesOf(db, found);
  if (missingItems(states).length > 0) throw refusal('state-conflict', 'evidence', 'not-delivered');
  if (states.some(({ disputed }) => disputed))
    throw refusal('state-conflict', 'evidence', 'disputed');
}
