import { caseKey, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { WrongSecret, type CaseContext } from '../../cases/context.ts';
import { openFound } from '../../cases/opening-found.ts';
import { useTicket } from '../../cases/ticket-store.ts';

/** Opens cases by a platform's word that whoever made the secret controls an account or IBAN; a ticket is used once. */
export async function openByTicket(
  ctx: CaseContext,
  { secret, newKey, signingKey }: CaseInput<'case.ticket'>,
): Promise<CaseOutput<'case.ticket'>> {
  const ticket = await useTicket(ctx.db, { request: caseKey(secret), now: ctx.now });
  if (!ticket) throw new WrongSecret();
  return { found: await openFound(ctx, { newKey, signingKey, lookups: [ticket], by: ticket }) };
}
