import { newId } from '@recourse/protocol';
import { closeWork } from '../../records/appeal-store.ts';
import { changeInspection, insertInspection } from '../../review/inspection-store.ts';
import { dueAt } from '@recourse/protocol/review';
import type { RecordEntry } from './as-logged.ts';

/** Drawn again, with the time that the panel had; the id is new, since that of the draw is lost. */
export async function openInspection({ db, record, at, services }: RecordEntry): Promise<void> {
  if (record.inspection !== null || record.end_recorded) return;
  const id = newId('itm', { now: at, random: services.random });
  // One after a reversal is not passed by time.
  const why = record.relayed ? ('relay' as const) : ('drawn' as const);
  const due = dueAt(at, 24 * services.deadlines.decisionDueDays);
  const of = { id, sanction: record.id, why, appeal: null };
  await insertInspection(db, { ...of, opened_at: at, due_at: due });
}

/** How it ended is not known: it counts against nobody, and a record that failed has an end of its own. */
export async function closeInspection({ db, record, at }: RecordEntry): Promise<void> {
  const { inspection: review } = record;
  if (review === null) return;
  const closed = { closed_at: at, closed_as: 'ended', outcome: null } as const;
  await changeInspection(db, review, { ...closed, evidence_due_at: null });
  await closeWork(db, { review, as: 'ended', at });
}
