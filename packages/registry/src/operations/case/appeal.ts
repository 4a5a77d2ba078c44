import type { CaseInput, CaseOutput } from '@recourse/protocol';
import { lockAsClaimant, speaksAs } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { openAppeal } from '../../review/open-appeal.ts';
import { viewAppeal } from '../../review/view.ts';

/** Opens or joins an appeal, for any claimant. */
export async function appealCase(
  ctx: CaseContext,
  input: CaseInput<'case.appeal'>,
): Promise<CaseOutput<'case.appeal'>> {
  const { record, claimant } = await lockAsClaimant(ctx, input.key);
  const { ground, words, language, news, reopen } = input;
  const appeal = { claimant: speaksAs(claimant), ground, words, language, news, reopen };
  return viewAppeal(await openAppeal(ctx, record, appeal), ctx.now);
}
