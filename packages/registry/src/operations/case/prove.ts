import type { CaseInput, CaseOutput } from '@recourse/protocol';
import { WrongSecret, type CaseContext } from '../../cases/context.ts';
import { useFind } from '../../cases/find-store.ts';
import { openFound } from '../../cases/opening-found.ts';

/** Opens cases by a proof of control, which was checked before this transaction; a proof is used once. */
export async function openByProof(
  ctx: CaseContext,
  { newKey, signingKey }: CaseInput<'case.prove'>,
): Promise<CaseOutput<'case.prove'>> {
  const { proven, now } = ctx;
  if (!proven || !(await useFind(ctx.db, { find: proven.find, now }))) throw new WrongSecret();
  return { found: await openFound(ctx, { newKey, signingKey, lookups: proven.lookups }) };
}
