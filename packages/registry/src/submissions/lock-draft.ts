import type { Id } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { found, refusal } from '../kernel/refusal.ts';
import { lockRecord } from '../records/lock-record.ts';
import { standingOf } from '../records/record.ts';
import type { LockedRecord } from '../records/transition-context.ts';

/** @param named the member of the input that names it */
export async function lockDraft(
  ctx: CallContext,
  id: Id<'snc'>,
  named: 'sanction' | 'sanctions',
): Promise<LockedRecord> {
  const draft = found(await lockRecord(ctx, id), ({ party }) => party === ctx.caller.party);
  if (standingOf(draft, ctx.now).state !== 'draft') {
    throw refusal('state-conflict', named, 'not-a-draft');
  }
  return draft;
}
