import type { PanelOutcome } from '@recourse/protocol';
import { mootAll } from '../appeals/dispute-store.ts';
import { caseOf } from '../cases/open-case.ts';
import { closeItemRow } from '../panel/store.ts';
import type { EndKind } from '../sanctions/life.rules.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import type { Acting } from '../sanctions/transition.ts';
import { changeInspection, findInspection } from './inspection-store.ts';

export interface InspectionClosing {
  readonly by: 'votes' | 'deadline' | 'evidence' | 'end';
  readonly at: Date;
  readonly outcome: PanelOutcome | null;
  /** The signed vote, where one decided it */
  readonly votes?: readonly string[];
}

/** Closes an inspection with its entry. The caller holds the lock of its record. */
export async function closeInspection(
  acting: Acting,
  of: { item: string; record: SanctionRow },
  { by, at, outcome, votes = [] }: InspectionClosing,
): Promise<void> {
  const { db, changes } = acting;
  const { item, record } = of;
  await closeItemRow(db, item, { at, by, outcome });
  await mootAll(db, { work: item, at });
  await changeInspection(db, item, { closed_at: at, evidence_due_at: null });
  changes.sanction('inspection-closed', {
    ...(await caseOf(acting, record)),
    detail: { item, by, ...(outcome === null ? {} : { outcome }), votes: [...votes] },
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
    { item: inspection.item, record },
    {
      by: isUndelivered ? 'evidence' : 'end',
      at,
      outcome: isUndelivered || isDodged ? 'failed' : null,
    },
  );
}
