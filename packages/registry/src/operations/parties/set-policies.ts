import { Problem, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict } from '../../kernel/refusal.ts';
import { logAct } from '../../parties/log-act.ts';
import { lockParty, updateParty } from '../../parties/store.ts';

/**
 * Publishes policies. The list is append-only, because statements refer to a policy by its index: the input
 * is the whole new list, and begins with the one in force.
 */
export async function setPolicies(
  ctx: CallContext,
  { policies }: OpInput<'parties.setPolicies'>,
): Promise<OpOutput<'parties.setPolicies'>> {
  const { party } = ctx.caller;
  const registration = (await lockParty(ctx.db, party))?.registration;
  if (!registration) throw new Problem('not-found');
  if (!beginsWith(policies, registration.policies)) throw conflict('policies', 'append-only');
  const changed = { ...registration, policies: [...policies] };
  if (policies.length > registration.policies.length) {
    await updateParty(ctx.db, party, { registration: changed });
    logAct(ctx, 'party-registered', { party, registration: changed });
  }
  return { policies: changed.policies };
}

const beginsWith = (list: readonly string[], start: readonly string[]): boolean =>
  start.every((item, i) => list[i] === item);
