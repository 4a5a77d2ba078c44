import { toTimestamp, type PanelItem } from '@recourse/protocol';
import type { ItemRow } from './store.ts';

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
