import { Problem, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { isBeyondDeclared } from '../../parties/declared.rules.ts';
import { logAct } from '../../parties/log-act.ts';
import { lockPlatform, onPlatform } from '../../parties/on-platform.ts';
import { findParty, updateParty } from '../../parties/store.ts';

/**
 * Sets daily bounds. One holder may, up to the signups that the platform declared; beyond them it takes two, so that
 * nobody of the operator alone lets an accomplice look up a country.
 */
export async function setQuota(
  ctx: CallContext,
  input: OpInput<'platforms.setQuota'>,
): Promise<OpOutput<'platforms.setQuota'>> {
  const { party, submissionsPerDay, elementsPerDay } = input;
  if (submissionsPerDay === undefined && elementsPerDay === undefined) {
    throw invalid('submissionsPerDay', 'required');
  }
  const known = await findParty(ctx.db, party);
  if (!known) throw new Problem('not-found');
  if (!isBeyondDeclared(input, known.registration?.signupsPerDay)) {
    await lockPlatform(ctx, party);
    await limit(ctx, input);
    return { state: 'executed' };
  }
  return onPlatform(ctx, party, { op: 'platforms.setQuota', change: () => limit(ctx, input) });
}

async function limit(
  ctx: CallContext,
  { party, submissionsPerDay, elementsPerDay }: OpInput<'platforms.setQuota'>,
): Promise<void> {
  await updateParty(ctx.db, party, { submissionsPerDay, elementsPerDay });
  logAct(ctx, 'limits', {
    party,
    ...(submissionsPerDay === undefined ? {} : { submissionsPerDay }),
    ...(elementsPerDay === undefined ? {} : { elementsPerDay }),
  });
}
