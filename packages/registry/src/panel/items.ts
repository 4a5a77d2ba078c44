import { toTimestamp, type OpOutput, type PanelItem } from '@recourse/protocol';
import { redecidedOf } from '../review/decision-store.ts';
import type { CallContext } from '../context/context.ts';
import { matterOf } from './matters.ts';
import { seatedOn } from './seats.rules.ts';
import { askedSince, isLapsed, openItems, votersOf, whoMayVote, type ItemRow } from './store.ts';

/** Open items on which the caller has a seat, or has voted. */
export async function items(ctx: CallContext): Promise<OpOutput<'review.items'>> {
  const { db, now, caller } = ctx;
  const open = (await openItems(db)).filter((item) => !isLapsed(item, now));
  const ids = open.map(({ id }) => id);
  const holders = await whoMayVote(db, { items: ids, at: now });
  const voters = await votersOf(db, ids);
  const own: OpOutput<'review.items'>['items'] = [];
  for (const item of open) {
    const voted = voters.get(item.id) ?? new Set<string>();
    const { votes } = item;
    const openedAt = askedSince(item);
    const may = holders.get(item.id) ?? [];
    const seated = seatedOn({ item: item.id, votes, openedAt, holders: may, voted }, now);
    const hasVoted = voted.has(caller.holder);
    if (!hasVoted && !seated.includes(caller.holder)) continue;
    own.push({ ...viewItem(item), voted: hasVoted, ...(await matterOf(ctx, item)) });
  }
  return { items: own, redecided: await redecidedOf(db, { holder: caller.holder, now }) };
}

/** An item as it is published. */
export const viewItem = (row: ItemRow): PanelItem => ({
  item: row.id,
  kind: row.kind,
  party: row.party,
  ...(row.about === null ? {} : { about: row.about as PanelItem['item'] }),
  openedAt: toTimestamp(row.opened_at),
  dueAt: toTimestamp(row.due_at),
  votesNeeded: row.votes,
  ...(row.closed_at === null ? {} : { closedAt: toTimestamp(row.closed_at) }),
  ...(row.outcome === null ? {} : { outcome: row.outcome }),
});
