import { Problem, type OpInput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict } from '../../kernel/refusal.ts';
import { activeKidsOf, countOtherAdmins, lockKey } from '../../parties/key-store.ts';
import { logAct } from '../../parties/log-act.ts';
import type { Proposal } from '../../parties/on-platform.ts';
import { isHolderOf, removeHolder } from '../../parties/people-store.ts';
import { revokeLocked } from '../../parties/revoke-key.ts';
import { lockParty } from '../../parties/store.ts';
import { byTwoHolders } from '../../parties/two-holders.ts';

/** Ends the term of a reviewer, and retires every key they hold. The panel is never left without an admin. */
export const removeReviewer = (
  ctx: CallContext,
  { holder }: OpInput<'panel.remove'>,
): Promise<Proposal> =>
  byTwoHolders(ctx, {
    op: 'panel.remove',
    check: async () => {
      await lockParty(ctx.db, 'panel');
      if (!(await isHolderOf(ctx.db, { id: holder, party: 'panel' })))
        throw new Problem('not-found');
      if ((await countOtherAdmins(ctx.db, { party: 'panel', notHolder: holder })) === 0) {
        throw conflict('holder', 'last-admin');
      }
    },
    execute: async () => {
      await removeHolder(ctx.db, holder, ctx.now);
      logAct(ctx, 'reviewer-removed', { holder });
      for (const kid of await activeKidsOf(ctx.db, holder)) {
        const key = await lockKey(ctx.db, { kid, party: 'panel' });
        if (key) await revokeLocked(ctx, key, { why: 'retired', since: null });
      }
      return 'panel';
    },
  });
