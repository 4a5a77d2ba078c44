import { toNumericDate, type Id } from '@recourse/protocol';
import { renewAssignments } from '../cases/renew-assignments.ts';
import { emit } from '../events/emit.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import { lift, type Acting } from '../sanctions/transition.ts';
import { keyedClaims } from './claim-store.ts';
import { redeliveryClock, type EvidenceClock } from '@recourse/protocol/review';
import { missingItems } from './evidence.rules.ts';
import { firstRejection } from './evidence-store.ts';
import type { LockedAppeal } from './lock-appeal.ts';
import { changeAppeal } from './store.ts';
import { evidenceOf } from './view.ts';

/**
 * Sets when evidence is due, or that none is. More time lifts no suspension: what was overdue is suspended
 * until it is there.
 */
export async function setEvidenceDue(
  { db, now }: Acting,
  appeal: string,
  clock: EvidenceClock | null,
): Promise<void> {
  await changeAppeal(db, appeal, {
    evidence_due_at: clock?.dueAt ?? null,
    evidence_lapses_at: clock?.lapsesAt ?? null,
  });
  await renewAssignments(db, { appeal, now });
}

/** An item was destroyed: the submitter is told until when a fit one is due. */
export async function oweAgain(acting: Acting, { record, appeal }: LockedAppeal): Promise<Date> {
  const { db, now, services } = acting;
  const { evidence_due_at: due, evidence_lapses_at: lapses } = appeal;
  const firstAt = (await firstRejection(db, appeal.id)) ?? now;
  const owed = due && lapses ? { dueAt: due, lapsesAt: lapses } : {};
  const clock = redeliveryClock({ now, firstAt, owed }, services.deadlines);
  await setEvidenceDue(acting, appeal.id, clock);
  await requestEvidence(acting, { record, appeal: appeal.id, due: clock.dueAt });
  return clock.dueAt;
}

/** Tells the submitter until when evidence is due. */
export const requestEvidence = (
  acting: Acting,
  of: { record: SanctionRow; appeal: Id<'apl'>; due: Date },
): Promise<void> =>
  emit(acting, {
    party: of.record.party,
    sanction: of.record.id,
    type: 'evidence-requested',
    body: { version: of.record.version, appeal: of.appeal, dueAt: toNumericDate(of.due) },
  });

/** Nothing is owed once every reviewer can open every item, however late; answers what is missing. */
export async function settleEvidence(
  acting: Acting,
  record: SanctionRow,
  appeal: string,
): Promise<number[]> {
  const { states } = await evidenceOf(acting.db, { appeal, statement: record.statement });
  const missing = missingItems(states);
  if (missing.length > 0) return missing;
  await setEvidenceDue(acting, appeal, null);
  await lift(acting, record, { causes: ['evidence-overdue'], at: acting.now });
  return missing;
}

/** A claim was lost: with nobody left to seal to nothing is due, and what the others can open may be all. */
export async function afterLostClaim(
  acting: Acting,
  record: SanctionRow,
  appeal: string,
): Promise<void> {
  const left = await keyedClaims(acting.db, appeal);
  // Whoever comes next opens and compares for themselves.
  if (left.length === 0) await changeAppeal(acting.db, appeal, { evidence_confirmed_at: null });
  if (left.length === 0) await setEvidenceDue(acting, appeal, null);
  else await settleEvidence(acting, record, appeal);
}
