import { toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { acceptedBy, endAccessRow, invitedBy, isOpen } from '../../cases/access-store.ts';
import { lockAsClaimant } from '../../cases/access.ts';
import { deleteContacts } from '../../cases/contact-store.ts';
import type { CaseContext } from '../../cases/context.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { endClaimants } from '../../review/claimant-store.ts';

/**
 * Ends the access of a representative, or an invitation that nobody used, for the claimant who let them in; or their
 * own, for whoever was let in. A guardian is a claimant, whom nobody removes.
 */
export async function endAccess(
  ctx: CaseContext,
  input: CaseInput<'case.endAccess'>,
): Promise<CaseOutput<'case.endAccess'>> {
  const { db, now: at } = ctx;
  const { claimant } = await lockAsClaimant(ctx, input.key);
  const own = claimant.kind === 'self' ? undefined : await acceptedBy(db, claimant.id);
  const all = own?.kind === 'representative' ? [own] : await invitedBy(db, claimant.id);
  const one = all.find(({ place }) => place === input.place || (own && input.place === undefined));
  if (!one) throw invalid('place', 'unknown');
  if (!isOpen(one, at)) throw refusal('state-conflict', 'place', 'access-ended');
  if (one.kind === 'guardian' && one.claimant !== null) {
    throw refusal('state-conflict', 'place', 'guardian-stays');
  }
  await endAccessRow(db, one, at);
  if (one.claimant !== null) {
    await endClaimants(db, { ids: [one.claimant], at });
    await deleteContacts(db, { claimant: one.claimant });
  }
  return { endedAt: toTimestamp(at) };
}
