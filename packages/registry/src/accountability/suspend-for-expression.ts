import { emit } from '../told/events/emit.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { openReexaminations } from '../review/inspection-opening.ts';
import { suspendParty } from '../parties/suspending.ts';
import { speechSuspensionOf } from '../parties/suspension-store.ts';
import { groupOf, newestReversal, stopAtOnce } from './expression-store.ts';

/**
 * Writes the suspension down in the transaction of the appeal that brings it, and has the records of the group examined
 * again. The sanction is locked already, and parties are locked before sanctions elsewhere: a group of which somebody
 * else has a party is not waited for, and the scheduler writes it. It refuses submissions all the same.
 * @returns whether it was written now
 */
export async function suspendForSpeech(ctx: TransitionContext, party: string): Promise<boolean> {
  const { db, now } = ctx;
  const why = await speechSuspensionOf(db, { party, now });
  if (why === undefined) return false;
  const members = await groupOf(db, { party, now });
  if (members.isSaid || !(await stopAtOnce(db, members.parties))) return false;
  let records = 0;
  for (const member of members.parties)
    records += await openReexaminations(ctx, { party: member, since: now });
  await suspendParty(ctx, { party, cause: why, since: now }, { records });
  await tellParty(ctx, party);
  return true;
}

/** Of the newest of its cases that the suspension came with. */
async function tellParty(ctx: TransitionContext, party: string): Promise<void> {
  const newest = await newestReversal(ctx.db, { party, now: ctx.now });
  if (!newest) return;
  const { sanction, version, cause } = newest;
  await emit(ctx, { party, sanction, type: 'party-suspended', body: { version, cause } });
}
