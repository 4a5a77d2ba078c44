import { toNumericDate } from '@recourse/protocol';
import { commitChanges } from '../commit/commit-changes.ts';
import { caseOf } from '../vault/open-case.ts';
import { emitEach } from '../told/events/emit.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { markOverdue } from './store.ts';

/** A recall past its deadline: in the ledger, and its platform is reminded. Once, whatever the number of servers. */
export async function remind(
  acting: TransitionContext,
  of: { sanction: string; limit: number },
): Promise<number> {
  const { sanction, limit } = of;
  const overdue = await markOverdue(acting.db, { sanction, now: acting.now, limit });
  if (overdue.length === 0) return 0;
  const theCase = await caseOf(acting, sanction);
  for (const { id, party, version, kind } of overdue) {
    const detail = { recall: id, version, kind };
    acting.changes.pair('recall-overdue', { ...theCase, party, detail });
  }
  await emitEach(
    acting,
    overdue.map(({ id, party, version, kind, due_at: dueAt }) => ({
      party,
      sanction,
      type: 'recall-reminder' as const,
      body: { version, recall: { id, kind, dueAt: toNumericDate(dueAt) } },
    })),
  );
  await commitChanges(acting.db, acting.changes.list, acting.now);
  return overdue.length;
}
