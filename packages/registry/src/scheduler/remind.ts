import { toNumericDate } from '@recourse/protocol';
import { caseOf } from '../vault/case-keys.ts';
import { emitEach } from '../told/events/emit.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { markOverdue } from './store.ts';

/** A recall past its deadline: in the ledger, and its platform is reminded. Once, whatever the number of servers. */
export async function remind(
  ctx: TransitionContext,
  of: { sanction: string; limit: number },
): Promise<number> {
  const { sanction, limit } = of;
  const overdue = await markOverdue(ctx.db, { sanction, now: ctx.now, limit });
  if (overdue.length === 0) return 0;
  const theCase = await caseOf(ctx, sanction);
  for (const { id, party, version, kind } of overdue) {
    const detail = { recall: id, version, kind };
    ctx.changes.pair('recall-overdue', { ...theCase, party, detail });
  }
  await emitEach(
    ctx,
    overdue.map(({ id, party, version, kind, due_at: dueAt }) => ({
      party,
      sanction,
      type: 'recall-reminder' as const,
      body: { version, recall: { id, kind, dueAt: toNumericDate(dueAt) } },
    })),
  );
  return overdue.length;
}
