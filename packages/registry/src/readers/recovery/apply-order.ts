import { detailOf } from '@recourse/protocol';
import { insertHolder } from '../../parties/people-store.ts';
import { insertOrder } from '../../parties/membership-store.ts';
import { insertExecuted } from '../../parties/proposal-store.ts';
import { instantOf, type ApplyContext } from './applying.ts';
import type { PublicEntry } from './tail.ts';

/**
 * An order of a court or an authority, which stands however a reviewer decides: who executed it is in its entry, and
 * the record is that of the entry behind it.
 */
export async function applyOrder(
  { db, counts }: ApplyContext,
  { order, sanction }: { order: PublicEntry; sanction: string },
): Promise<void> {
  const detail = detailOf('order-executed', order);
  if (!detail) return;
  const { proposal, effect, body, date, reference, proposedBy, executedBy, call } = detail;
  for (const id of [proposedBy, executedBy]) await insertHolder(db, { id, party: 'operator' });
  const began = new Date(order.at);
  await insertExecuted(db, {
    id: proposal,
    op: 'orders.execute',
    // The input is lost; the hash of a call is that of no input.
    input_hash: call,
    proposed_by: proposedBy,
    proposed_at: began,
    executed_by: executedBy,
    executed_at: began,
  });
  const at = instantOf(order);
  await insertOrder(db, { proposal, sanction, effect, body, dated: new Date(date), reference, at });
  counts.parties++;
}
