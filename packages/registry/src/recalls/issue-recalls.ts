import { newId, recallsOwed } from '@recourse/protocol';
import { dueAt } from '../bounds.ts';
import { caseOf } from '../cases/open-case.ts';
import type { CallContext } from '../context.ts';
import { pairOf } from '../ledger/changes.ts';
import { insertRecalls, toldPlatforms } from './store.ts';

/** What a platform that was told of a sanction owes: undo an end, pause a suspension, correct a change. */
export type RecallKind = 'undo' | 'pause' | 'correct';

/**
 * One recall for each platform that was told of an earlier version, and its entry; the sum goes into the
 * entry of the change itself. The caller holds the sanction FOR UPDATE: no disclosure slips in.
 */
export async function issueRecalls(
  acting: Pick<CallContext, 'db' | 'now' | 'changes' | 'services'>,
  record: { id: string },
  of: { version: number; kind: RecallKind },
): Promise<{ count: number; root: string }> {
  const { db, now, services } = acting;
  const told = (await toldPlatforms(db, [record.id])).get(record.id) ?? [];
  if (told.length === 0) return recallsOwed([]);
  const due = dueAt(now, services.deadlines.recallHours);
  const recalls = told.map((party) => ({
    id: newId('rcl', { now, random: services.random }),
    sanction: record.id,
    ...of,
    party,
    issued_at: now,
    due_at: due,
  }));
  await insertRecalls(db, recalls);
  const theCase = await caseOf(acting, record);
  for (const { id, party } of recalls) {
    acting.changes.pair('recall-issued', { ...theCase, party, detail: { recall: id, ...of } });
  }
  return recallsOwed(told.map((party) => pairOf({ ...theCase, party })));
}
