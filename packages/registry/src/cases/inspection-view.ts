import { toTimestamp, type InspectionReason, type CaseView } from '@recourse/protocol';
import { sql } from 'kysely';
import { openText } from '../appeals/sealed-text.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import type { CaseContext } from './context.ts';
import { caseOf } from './open-case.ts';
import { placeOf } from './sealed-columns.ts';
import type { CaseKey } from './vault.ts';

interface InspectionOfCase {
  readonly why: InspectionReason;
  readonly opened_at: Date;
  readonly due_at: Date;
  readonly evidence_due_at: Date | null;
  readonly closed_at: Date | null;
  readonly outcome: 'passed' | 'failed' | null;
  readonly item: string;
  readonly holder: string | null;
  readonly reasons: Uint8Array | null;
}

/** The examinations of a record, the oldest first; what a reviewer wrote is for its claimants. */
export async function inspectionsOf(
  ctx: CaseContext,
  record: SanctionRow,
  { isClaimant }: { isClaimant: boolean },
): Promise<CaseView['inspections']> {
  const { rows } = await sql<InspectionOfCase>`
    select u.why, i.opened_at, i.due_at, u.evidence_due_at, i.closed_at, i.outcome,
      u.item, v.holder, v.reasons
    from inspections u join panel_items i on i.id = u.item
    left join panel_votes v on v.item = u.item and i.closed_at is not null
    where u.sanction = ${record.id} order by i.opened_at, i.id`.execute(ctx.db);
  if (rows.length === 0) return [];
  const { caseKey } = await caseOf(ctx, record);
  return rows.map((row) => ({
    ...viewInspection(row, ctx.now),
    ...(isClaimant ? reasonsIn(row, caseKey) : {}),
  }));
}

function reasonsIn(
  { item, holder, reasons }: InspectionOfCase,
  caseKey: CaseKey,
): { reasons?: string } {
  if (!reasons?.length || holder === null) return {};
  return { reasons: openText(caseKey, reasons, placeOf('panel_votes.reasons', { item, holder })) };
}

/** Over by time alone, whether or not a job has come round to it; of a record that answers nothing until then, not. */
function viewInspection(row: InspectionOfCase, now: Date): CaseView['inspections'][number] {
  const { why, opened_at, due_at, evidence_due_at: evidence, outcome } = row;
  const isLate = why !== 're-examination' && due_at <= now;
  const closed = row.closed_at ?? (isLate ? due_at : null);
  return {
    why,
    openedAt: toTimestamp(opened_at),
    dueAt: toTimestamp(due_at),
    ...(evidence && !closed ? { evidenceDueAt: toTimestamp(evidence) } : {}),
    ...(closed ? { closedAt: toTimestamp(closed) } : {}),
    ...(outcome ? { outcome } : {}),
  };
}
