import { Problem, type OpInput, type OpOutput, type Registration } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict } from '../../kernel/refusal.ts';
import { changeGroup } from '../../parties/group-store.ts';
import { logAct } from '../../parties/log-act.ts';
import { assertPlatformGroup } from '../../parties/platform-group.ts';
import { lockParty, stopParty, updateParty } from '../../parties/store.ts';
import { byTwoHolders } from '../../parties/two-holders.ts';

/** Two operators move a platform to another group, as after a sale. It counts to the former ones for 24 months more. */
export function setGroup(
  ctx: CallContext,
  { party, group }: OpInput<'platforms.setGroup'>,
): Promise<OpOutput<'platforms.setGroup'>> {
  const { db, now: at } = ctx;
  return byTwoHolders(ctx, {
    op: 'platforms.setGroup',
    check: async () => {
      assertPlatformGroup('group', group);
      const registration = await lockRegistration(ctx, party);
      if (registration.group === group) throw conflict('group', 'unchanged');
    },
    execute: async () => {
      // A submission under way was made in the former group.
      await stopParty(db, party);
      const former = await lockRegistration(ctx, party);
      const registration = { ...former, group };
      await changeGroup(db, { party, group, at });
      await updateParty(db, party, { registration });
      logAct(ctx, 'party-registered', { party, registration, left: former.group });
      return party;
    },
  });
}

async function lockRegistration({ db }: CallContext, party: string): Promise<Registration> {
  const registration = (await lockParty(db, party))?.registration;
  if (!registration) throw new Problem('not-found');
  return registration;
}
