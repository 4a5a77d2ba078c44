import { caseKey, type CaseInput, type CaseOutput } from '@recourse/protocol';
import type { CaseContext } from './context.ts';
import { useFind } from './find-store.ts';
import { openFound } from './opening-found.ts';
import { useTicket } from './ticket-store.ts';
import { WrongSecret } from './wrong-secret.ts';

/** By a proof of control, which was checked before this transaction; a proof is used once. */
export async function openByProof(
  ctx: CaseContext,
  { newKey, signingKey }: CaseInput<'case.prove'>,
): Promise<CaseOutput<'case.prove'>> {
  const { proven, now } = ctx;
  if (!proven || !(await useFind(ctx.db, { find: proven.find, now }))) throw new WrongSecret();
  return { found: await openFound(ctx, { newKey, signingKey, lookups: proven.lookups }) };
}

/** By a platform's word that whoever made the secret controls an account or IBAN; a ticket is used once. */
export async function openByTicket(
  ctx: CaseContext,
  { secret, newKey, signingKey }: CaseInput<'case.ticket'>,
): Promise<CaseOutput<'case.ticket'>> {
  const ticket = await useTicket(ctx.db, { request: caseKey(secret), now: ctx.now });
  if (!ticket) throw new WrongSecret();
  return { found: await openFound(ctx, { newKey, signingKey, lookups: [ticket], by: ticket }) };
}
