import type { CaseInput, CaseOutput } from '@recourse/protocol';
import { lockAsClaimant } from '../../cases/access.ts';
import { deleteContacts } from '../../cases/contact-store.ts';
import type { CaseContext } from '../../cases/context.ts';

export async function removeContact(
  ctx: CaseContext,
  { key: secret }: CaseInput<'case.removeContact'>,
): Promise<CaseOutput<'case.removeContact'>> {
  const { claimant } = await lockAsClaimant(ctx, secret);
  return { removed: await deleteContacts(ctx.db, { claimant: claimant.id }) };
}
