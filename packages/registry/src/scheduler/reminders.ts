import { toNumericDate } from '@recourse/protocol';
import { caseOf } from '../vault/case-key-store.ts';
import { emitEach } from '../told/events/emit.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { markOverdue } from './store.ts';
import { markReminded } from './outcome-store.ts';
import { takeUntold } from '../lookup/epochs/reminder-store.ts';

/** A recall past its deadline: in the ledger, and its platform is reminded. Once, whatever the number of servers. */
export async function remind(
  ctx: TransitionContext,
  { sanction, limit }: { sanction: string; limit: number },
): Promise<number> {
  const overdue = await markOverdue(ctx.db, { sanction, now: ctx.now, limit });
  if (overdue.length === 0) return 0;
  const theCase = await caseOf(ctx, sanction);
  // Of an erased case no entry can be made; its platform is reminded all the same.
  if (theCase) {
    for (const { id, party, version, kind } of overdue) {
      const detail = { recall: id, version, kind };
      ctx.changes.pair('recall-overdue', { ...theCase, party, detail });
    }
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

/** An outcome owed for 30 d and not reported: its platform is reminded. Once, whatever the number of servers. */
export async function remindOfOutcomes(
  ctx: TransitionContext,
  { party, limit }: { party: string; limit: number },
): Promise<number> {
  const owed = await markReminded(ctx.db, { party, limit, now: ctx.now });
  await emitEach(
    ctx,
    owed.map(({ id, sanction, version, dueAt }) => ({
      party,
      sanction,
      type: 'outcome-reminder' as const,
      body: { version, match: id, dueAt: toNumericDate(dueAt) },
    })),
  );
  return owed.length;
}

/** Tells a platform that its records need new tokens. Once, whatever the number of servers. */
export async function remindToRetokenise(ctx: TransitionContext, party: string): Promise<number> {
  const untold = await takeUntold(ctx.db, { party, now: ctx.now });
  await emitEach(
    ctx,
    untold.map(({ sanction, version, due_at }) => ({
      party,
      sanction,
      type: 'retokenise-reminder' as const,
      body: { version, dueAt: toNumericDate(due_at) },
    })),
  );
  return untold.length;
}
