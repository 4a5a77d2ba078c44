import { toTimestamp, type Id, type InspectionRecord } from '@recourse/protocol';
import type { Selectable } from 'kysely';
import type { InspectionsTable } from '../schema/panel.ts';

export interface Inspection extends Selectable<InspectionsTable> {
  id: Id<'itm'>;
  sanction: Id<'snc'>;
}

/** Over by time alone, whether or not a job has come round to it; of a record that answers with less until then, not. */
export function viewInspection(row: Inspection, now: Date): InspectionRecord {
  const { due_at, evidence_due_at: evidence, outcome, cause } = row;
  const isLate = row.examine_by === null && due_at <= now;
  const closed = row.closed_at ?? (isLate ? due_at : null);
  return {
    inspection: row.id,
    sanction: row.sanction,
    why: row.why,
    state: row.closed_as ?? (isLate ? 'undecided' : 'open'),
    openedAt: toTimestamp(row.opened_at),
    dueAt: toTimestamp(due_at),
    ...(evidence && !closed ? { evidenceDueAt: toTimestamp(evidence) } : {}),
    ...(closed ? { closedAt: toTimestamp(closed) } : {}),
    ...(outcome ? { outcome } : {}),
    ...(cause ? { cause } : {}),
    ...(isUnexamined(row, now) ? { unexamined: true } : {}),
  };
}

/** Its record answers `verify-identity` alone until somebody examined it. */
const isUnexamined = ({ closed_at, examine_by: by }: Inspection, now: Date): boolean =>
  closed_at === null && by !== null && by <= now;

/** As its reviewer reads it: who confirms a cause decides again, and does not know that one was named. */
export const viewBlind = (row: Inspection, now: Date): InspectionRecord =>
  viewInspection(row.why === 'cause' ? { ...row, why: 'decision' } : row, now);
