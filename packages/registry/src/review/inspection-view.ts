import { toTimestamp, type InspectionRecord } from '@recourse/protocol';
import type { InspectionRow } from './inspection-store.ts';

/** Over by time alone; of a re-examination, once its suspension is lifted, whether or not a job has come round to it. */
export function viewInspection(row: InspectionRow, now: Date): InspectionRecord {
  const { due_at, evidence_due_at: evidence, cause } = row;
  const closing = closingOf(row, now);
  const outcome = closing?.outcome;
  const closed = closing?.at;
  return {
    inspection: row.id,
    sanction: row.sanction,
    why: row.why,
    state: closing?.as ?? 'open',
    openedAt: toTimestamp(row.opened_at),
    dueAt: toTimestamp(due_at),
    ...(evidence && !closed ? { evidenceDueAt: toTimestamp(evidence) } : {}),
    ...(closed ? { closedAt: toTimestamp(closed) } : {}),
    ...(outcome ? { outcome } : {}),
    ...(cause ? { cause } : {}),
    ...(isUnexamined(row, now) && !closing ? { unexamined: true } : {}),
  };
}

const isUnexamined = ({ why, suspension, due_at: due }: InspectionRow, now: Date): boolean =>
  why === 'relay' || (suspension !== null && due <= now);

/** How an inspection closed, by its row or by time. */
export function closingOf(row: InspectionRow, now: Date): InspectionClosing | undefined {
  const { why, suspension, closed_at, closed_as, due_at, over_at, outcome } = row;
  if (closed_at && closed_as) return { as: closed_as, at: closed_at, outcome };
  if (why === 'relay') return undefined;
  const lapse = { as: 'undecided', at: due_at, outcome: null } as const;
  if (suspension === null) return undeliveredOf(row, now) ?? (due_at <= now ? lapse : undefined);
  return over_at && over_at <= now ? { as: 'lifted', at: over_at, outcome: null } : undefined;
}

/** Of a home reversal: its record has ended, so that no step of the record says it. */
function undeliveredOf(row: InspectionRow, now: Date): InspectionClosing | undefined {
  const { why, evidence_due_at: at } = row;
  if (why !== 'home-reversal' || !at || at > now) return undefined;
  return { as: 'undelivered', at, outcome: 'failed' };
}

interface InspectionClosing extends Pick<InspectionRow, 'outcome'> {
  readonly as: NonNullable<InspectionRow['closed_as']>;
  readonly at: Date;
}

/**
 * As its reviewer reads it: who confirms a cause decides again, and does not know that one was named. Who looks at a relay
 * knows what became of the record before.
 */
export function viewToReviewer(row: InspectionRow, now: Date): InspectionRecord {
  const { after_outcome: outcome, after_cause: cause } = row;
  return {
    ...viewInspection(row.why === 'cause' ? { ...row, why: 'decision' } : row, now),
    ...(outcome && cause ? { after: { outcome, cause } } : {}),
  };
}
