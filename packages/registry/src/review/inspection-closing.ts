import { closeWork } from './claim-store.ts';
import { caseOf } from '../vault/open-case.ts';
import type { EndKind } from '../records/life.rules.ts';
import type { SanctionRow } from '../records/store.ts';
import type { Acting } from '../records/transition.ts';
import { changeInspection, findInspection, type InspectionRow } from './inspection-store.ts';

interface InspectionClosing {
  readonly as: NonNullable<InspectionRow['closed_as']>;
  readonly at: Date;
  readonly outcome: InspectionRow['outcome'];
}

/** Closes an inspection with its entry. The caller holds the lock of its record. */
export async function closeInspection(
  acting: Acting,
  of: { inspection: string; record: SanctionRow },
  { as, at, outcome }: InspectionClosing,
): Promise<void> {
  const { db, changes } = acting;
  const { inspection: id, record } = of;
  const closed = { closed_at: at, closed_as: as, outcome, evidence_due_at: null };
  await changeInspection(db, id, closed);
  await closeWork(db, { review: id, as, at });
  changes.sanction('inspection-closed', {
    ...(await caseOf(acting, record)),
    detail: { item: id, as, ...(outcome === null ? {} : { outcome }) },
    effective: at,
  });
}

/**
 * The end of a record ends its inspection. Undelivered, or withdrawn by the submitter after it was drawn, it failed, and counts
 * as a reversal; a record of a suspended party may be withdrawn without that.
 */
export async function closeInspectionOf(
  acting: Acting,
  record: SanctionRow,
  end: { kind: EndKind | 'expired'; cause?: string; at: Date },
): Promise<void> {
  const inspection =
    record.inspection === null ? undefined : await findInspection(acting.db, record.inspection);
  if (!inspection || inspection.closed_at) return;
  const { kind, cause, at } = end;
  const isUndelivered = cause === 'evidence-not-delivered' && inspection.evidence_due_at !== null;
  const isDodged = kind === 'withdrawn' && inspection.why !== 're-examination';
  await closeInspection(
    acting,
    { inspection: inspection.id, record },
    {
      as: isUndelivered ? 'undelivered' : 'ended',
      at,
      outcome: isUndelivered || isDodged ? 'failed' : null,
    },
  );
}
