import { toNumericDate } from '@recourse/protocol';
import { emitEach } from '../told/events/emit.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { markReminded } from './outcome-store.ts';

/** An outcome owed for 30 d and not reported: its platform is reminded. Once, whatever the number of servers. */
export async function remindOfOutcomes(
  acting: TransitionContext,
  of: { party: string; limit: number },
): Promise<number> {
  const { party, limit } = of;
  const owed = await markReminded(acting.db, { party, limit, now: acting.now });
  await emitEach(
    acting,
    owed.map(({ id, sanction, version, dueAt }) => ({
      party,
      sanction,
      type: 'outcome-reminder' as const,
      body: { version, match: id, dueAt: toNumericDate(dueAt) },
    })),
  );
  return owed.length;
}
