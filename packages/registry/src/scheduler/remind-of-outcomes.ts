import { toNumericDate } from '@recourse/protocol';
import { emitEach } from '../told/events/emit.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { markReminded } from './outcome-store.ts';

/** An outcome owed for 30 d and not reported: its platform is reminded. Once, whatever the number of servers. */
export async function remindOfOutcomes(
  ctx: TransitionContext,
  of: { party: string; limit: number },
): Promise<number> {
  const { party, limit } = of;
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
