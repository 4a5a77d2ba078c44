import { Problem, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import { openItem } from '../../panel/opening.ts';
import { lockItem } from '../../panel/store.ts';
import { groupMembers } from '../../parties/group-store.ts';
import { causeOfItem } from '../../parties/suspension-store.ts';

/** Three other reviewers decide whether a suspension by the panel stands, once, whichever company of the group asks. */
export async function appealSuspension(
  ctx: CallContext,
  { item: id }: OpInput<'parties.appealSuspension'>,
): Promise<OpOutput<'parties.appealSuspension'>> {
  const { party } = ctx.caller;
  const item = await lockItem(ctx.db, id);
  const group = await groupMembers(ctx.db, { party, now: ctx.now });
  if (!item || !group.includes(item.party)) throw new Problem('not-found');
  if (!(await causeOfItem(ctx.db, id))) throw refusal('state-conflict', 'item', 'not-suspended');
  const opened = await openItem(ctx, {
    kind: 'suspension-appeal',
    party: item.party,
    about: id,
  });
  if (!opened) throw refusal('state-conflict', 'item', 'already-appealed');
  return { item: opened.item, dueAt: toTimestamp(opened.dueAt) };
}
