import type { CaseInput, CaseOutput } from '@recourse/protocol';
import { lockAsClaimant, speaksAs } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { joinOpen } from '../../cases/join-open.ts';
import { refusal } from '../../kernel/refusal.ts';
import { viewAppeal } from '../../review/view.ts';

/** Joins the open appeal, with a further ground. */
export async function joinCase(
  ctx: CaseContext,
  { key, ground, words }: CaseInput<'case.join'>,
): Promise<CaseOutput<'case.join'>> {
  const { record, claimant } = await lockAsClaimant(ctx, key);
  const { appeal } = record;
  if (appeal === null) throw refusal('state-conflict', 'key', 'no-open-appeal');
  const joining = { appeal, claimant: speaksAs(claimant), ground, words };
  return viewAppeal(await joinOpen(ctx, record, joining), ctx.now);
}
