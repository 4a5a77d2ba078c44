import type { OpInput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { logAct } from '../../parties/log-act.ts';
import { onPlatform, type Proposal } from '../../parties/on-platform.ts';
import { stopParty, updateParty } from '../../parties/store.ts';
import { suspensionCauses, insertCause } from '../../parties/suspension-store.ts';

/** Stops submissions or checks. Acknowledging, evidence, responses, withdrawal and keys stay open. */
export const suspendPlatform = (
  ctx: CallContext,
  { party, what, why }: OpInput<'platforms.suspend'>,
): Promise<Proposal> =>
  onPlatform(ctx, party, {
    op: 'platforms.suspend',
    change: async (row) => {
      const submissionsSuspended = what !== 'checks' || row.submissions_suspended;
      const checksStopped = what !== 'submissions' || row.checks_stopped;
      if (what !== 'checks') {
        await stopParty(ctx.db, party);
        await insertCause(ctx.db, { party, cause: suspensionCauses.operators, since: ctx.now });
      }
      await updateParty(ctx.db, party, { submissionsSuspended, checksStopped });
      logAct(ctx, 'party-suspended', { party, what, why });
    },
  });
