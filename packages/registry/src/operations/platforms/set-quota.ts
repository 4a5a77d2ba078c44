import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid } from '../../kernel/refusal.ts';
import { takesTwo } from '../../parties/declared.rules.ts';
import { logAct } from '../../parties/log-act.ts';
import { lockPlatform, onPlatform } from '../../parties/on-platform.ts';
import { lockParty, updateParty, type PartyRow } from '../../parties/store.ts';

/** Sets daily bounds. One holder may raise them, up to the signups that the platform declared; else it takes two. */
export async function setQuota(
  ctx: CallContext,
  input: OpInput<'platforms.setQuota'>,
): Promise<OpOutput<'platforms.setQuota'>> {
  const { party, submissionsPerDay, elementsPerDay } = input;
  if (submissionsPerDay === undefined && elementsPerDay === undefined) {
    throw invalid('submissionsPerDay', 'required');
  }
  // In the order of all acts of two, so that what is judged is what the platform has.
  await lockParty(ctx.db, 'operator');
  const row = await lockPlatform(ctx, party);
  if (takesTwo(input, boundsOf(row), row.registration?.signupsPerDay)) {
    return onPlatform(ctx, party, { op: 'platforms.setQuota', change: () => limit(ctx, input) });
  }
  await limit(ctx, input);
  return { state: 'executed' };
}

const boundsOf = (row: PartyRow) => ({
  submissionsPerDay: row.submissions_per_day ?? undefined,
  elementsPerDay: row.elements_per_day ?? undefined,
});

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
