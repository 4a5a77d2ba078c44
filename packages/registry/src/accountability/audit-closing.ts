import type { PanelOutcome } from '@recourse/protocol';
import { mootAll } from '../appeals/dispute-store.ts';
import { caseOf } from '../cases/open-case.ts';
import { closeItemRow } from '../panel/store.ts';
import type { EndKind } from '../sanctions/life.rules.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import type { Acting } from '../sanctions/transition.ts';
import { changeAudit, findAudit } from './audit-store.ts';

export interface AuditClosing {
  readonly by: 'votes' | 'deadline' | 'evidence' | 'end';
  readonly at: Date;
  readonly outcome: PanelOutcome | null;
  /** The signed vote, where one decided it */
  readonly votes?: readonly string[];
}

/** Closes an audit with its entry. The caller holds the lock of its record. */
export async function closeAudit(
  acting: Acting,
  of: { item: string; record: SanctionRow },
  { by, at, outcome, votes = [] }: AuditClosing,
): Promise<void> {
  const { db, changes } = acting;
  const { item, record } = of;
  await closeItemRow(db, item, { at, by, outcome });
  await mootAll(db, { work: item, at });
  await changeAudit(db, item, { closed_at: at, evidence_due_at: null });
  changes.sanction('audit-closed', {
    ...(await caseOf(acting, record)),
    detail: { item, by, ...(outcome === null ? {} : { outcome }), votes: [...votes] },
    effective: at,
  });
}

/**
 * The end of a record ends its audit. Undelivered, or withdrawn by the submitter after it was drawn, it failed, and counts
 * as a reversal; a record of a suspended party may be withdrawn without that.
 */
export async function closeAuditOf(
  acting: Acting,
  record: SanctionRow,
  end: { kind: EndKind | 'expired'; cause?: string; at: Date },
): Promise<void> {
  const audit = record.audit === null ? undefined : await findAudit(acting.db, record.audit);
  if (!audit || audit.closed_at) return;
  const { kind, cause, at } = end;
  const isUndelivered = cause === 'evidence-not-delivered' && audit.evidence_due_at !== null;
  const isDodged = kind === 'withdrawn' && audit.why !== 're-examination';
  await closeAudit(
    acting,
    { item: audit.item, record },
    {
      by: isUndelivered ? 'evidence' : 'end',
      at,
      outcome: isUndelivered || isDodged ? 'failed' : null,
    },
  );
}
