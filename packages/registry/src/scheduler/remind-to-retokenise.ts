import { toNumericDate } from '@recourse/protocol';
import { emitEach } from '../told/events/emit.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { takeUntold } from '../lookup/epochs/reminder-store.ts';

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
