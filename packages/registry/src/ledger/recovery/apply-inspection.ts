import { newId, panelRules } from '@recourse/protocol';
import { changeInspection, insertInspection } from '../../accountability/inspection-store.ts';
import { dueAt } from '../../bounds.ts';
import { closeItemRow, insertItem } from '../../panel/store.ts';
import type { Logged } from './as-logged.ts';

/** Drawn again, with the time that the panel had; the id of the item is new, since that of the draw is lost. */
export async function openInspection({ db, record, at, services }: Logged): Promise<void> {
  if (record.inspection !== null || record.end_recorded) return;
  const item = newId('itm', { now: at, random: services.random });
  const { id: sanction, party } = record;
  const row = { id: item, kind: 'inspection', party, sanction, about: null, votes: 1 } as const;
  const due = dueAt(at, 24 * panelRules.inspection.dueDays);
  if (!(await insertItem(db, { ...row, opened_at: at, due_at: due }))) return;
  await insertInspection(db, { item, sanction, why: 'drawn', appeal: null });
}

/** How it ended is not known: it counts against nobody, and a record that failed has an end of its own. */
export async function closeInspection({ db, record, at }: Logged): Promise<void> {
  if (record.inspection === null) return;
  await closeItemRow(db, record.inspection, { at, by: 'end', outcome: null });
  await changeInspection(db, record.inspection, { closed_at: at, evidence_due_at: null });
}
