import { toTimestamp, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict } from '../../kernel/refusal.ts';
import { logAct } from '../../parties/log-act.ts';
import { openReenrolmentOf, stopReenrolment } from '../../parties/reenrolment-store.ts';
import { lockParty } from '../../parties/store.ts';

/** Whoever still has a key of the platform says that it is not lost. */
export async function keepKeys(ctx: CallContext): Promise<OpOutput<'parties.keepKeys'>> {
  const { db, now, caller } = ctx;
  const { party } = caller;
  await lockParty(db, party);
  const open = await openReenrolmentOf(db, { party, now });
  if (!open) throw conflict('party', 'not-announced');
  const { invite } = open;
  await stopReenrolment(db, { invite, by: caller.holder, at: now });
  logAct(ctx, 'party-reenrol-stopped', { party, invite, by: caller.holder });
  return { stoppedAt: toTimestamp(now) };
}
