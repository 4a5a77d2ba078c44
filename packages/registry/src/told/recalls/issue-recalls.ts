import { newId, recallsOwed, type Id, type RecallKind } from '@recourse/protocol';
import { dueAt } from '../../kernel/bounds.ts';
import { caseOf } from '../../vault/open-case.ts';
import type { CallContext, CaseServices } from '../../context/context.ts';
import { pairOf } from '../../commit/changes.ts';
import { insertRecalls, toldPlatforms, type NewRecall } from './store.ts';

export interface Issued {
  /** What the entry of the change says in clear */
  readonly owed: { readonly count: number; readonly root: string };
  readonly recalls: readonly (NewRecall & { readonly id: Id<'rcl'> })[];
}

/**
 * One recall for each platform that was told of an earlier version, and its entry; the sum goes into the
 * entry of the change itself. The caller holds the sanction FOR UPDATE: no disclosure slips in.
 * @param of `toldBy` where time alone made the change: whoever was told after it knows it already
 */
export async function issueRecalls(
  acting: Pick<CallContext, 'db' | 'now' | 'changes'> & { readonly services: CaseServices },
  record: { id: string },
  { toldBy, ...of }: { version: number; kind: RecallKind; toldBy?: Date | undefined },
): Promise<Issued> {
  const { db, now, services } = acting;
  const told = (await toldPlatforms(db, [record.id], toldBy)).get(record.id) ?? [];
  if (told.length === 0) return { owed: recallsOwed([]), recalls: [] };
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
  return { owed: recallsOwed(told.map((party) => pairOf({ ...theCase, party }))), recalls };
}
