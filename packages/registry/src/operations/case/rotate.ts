import { toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { lockAsClaimant } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { freshKey } from '../../cases/secrets.ts';
import { setSecret } from '../../review/claimant-store.ts';

/** The old secret opens nothing any more; who has it is the same claimant as before. */
export async function rotateKey(
  ctx: CaseContext,
  { key: old, newKey }: CaseInput<'case.rotate'>,
): Promise<CaseOutput<'case.rotate'>> {
  const { claimant } = await lockAsClaimant(ctx, old);
  await setSecret(ctx.db, claimant.id, await freshKey(ctx, newKey));
  return { rotatedAt: toTimestamp(ctx.now) };
}
