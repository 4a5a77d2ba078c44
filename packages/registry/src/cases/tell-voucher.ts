import type { Id } from '@recourse/protocol';
import { matchId } from '../lookup/checks/check.rules.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { lockRecord } from '../records/lock-record.ts';
import type { CaseContext, TokenLookup, Voucher } from './context.ts';
import type { ConcernedRecord } from './find-store.ts';
import { insertToldVoucher } from './ticket-store.ts';

/**
 * Reading is being told. The platform that vouched chose whose secret opens the case, and may hold it itself: it stands
 * among those who were told, with the purpose \`vouching\`. It answers recalls as they do, what it records later is
 * derived, and it owes no outcome.
 * @returns false where the case was erased meanwhile
 */
export async function tellVoucher(
  ctx: CaseContext,
  { party, at, check, lookup }: Voucher & TokenLookup,
  { sanction, positions }: ConcernedRecord,
): Promise<boolean> {
  const locked = await lockRecord(ctx, sanction);
  // An end that time brought about is written first, so that nobody is told of the version before it.
  const record = locked && (await applyDueSteps(ctx, locked));
  if (!record?.wrapped_key) return false;
  if (record.party === party) return true;
  const { version } = record;
  const match = matchId({ check: { id: check, at }, sanction, version });
  const told = { match, check, party, sanction, version, positions, lookup, at: ctx.now };
  if (await insertToldVoucher(ctx.db, told)) {
    const detail = { version, check: check as Id<'chk'>, match, purpose: 'vouching' };
    ctx.changes.pair('sanction-disclosed', { sanction, party, caseKey: record.key(), detail });
  }
  return true;
}
