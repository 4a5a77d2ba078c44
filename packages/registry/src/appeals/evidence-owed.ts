import type { SanctionRow } from '../sanctions/store.ts';
import { lift, type Acting } from '../sanctions/transition.ts';
import { keyedClaims } from './claim-store.ts';
import { evidenceLapsesAt } from './evidence-clock.ts';
import { missingItems } from './evidence.ts';
import { changeAppeal } from './store.ts';
import { evidenceOf } from './view.ts';

/**
 * Sets when evidence is due, or that none is. More time lifts no suspension: what was overdue is suspended
 * until it is there.
 */
export async function setEvidenceDue(
  { db, services }: Acting,
  appeal: string,
  due: Date | null,
): Promise<void> {
  await changeAppeal(db, appeal, {
    evidence_due_at: due,
    evidence_lapses_at: due && evidenceLapsesAt(due, services.deadlines),
  });
}

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
