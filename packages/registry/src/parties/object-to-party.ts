import { Problem, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../context.ts';
import { openItem } from '../panel/opening.ts';
import { conflict } from './conflict.ts';
import { logAct } from './log-act.ts';
import { insertObjection } from './membership-store.ts';
import { isActive, type Membership } from './membership.rules.ts';
import { findParty, lockParty, membershipOf, updateParty } from './store.ts';

/**
 * A member objects to a registration within its window, on a closed ground. The party is pending from then on
 * until the panel decides, however long that takes.
 */
export async function objectToParty(
  ctx: CallContext,
  { party, ground }: OpInput<'parties.object'>,
): Promise<OpOutput<'parties.object'>> {
  const { caller, db, now } = ctx;
  const row = await lockParty(db, party);
  const own = await findParty(db, caller.party);
  if (!row || !own) throw new Problem('not-found');
  const problem = refuseObjection({
    toOwn: party === caller.party,
    party: membershipOf(row),
    by: membershipOf(own),
    now,
  });
  if (problem) throw problem;
  if (!(await insertObjection(db, { party, by_party: caller.party, ground, at: now }))) {
    throw conflict('party', 'objected');
  }
  await updateParty(db, party, { active: null });
  logAct(ctx, 'party-objected', { party, by: caller.party, ground });
  // Reviewers read every objection: they are asked at the first, and decide once the window is over.
  const from = row.objections_until ?? now;
  await openItem(ctx, { kind: 'admission', party, from });
  return { party, state: 'objected' };
}

/** Newcomers do not keep each other out, and a window that is over stays so. */
function refuseObjection(of: {
  toOwn: boolean;
  party: Membership;
  by: Membership;
  now: Date;
}): Problem | undefined {
  if (of.toOwn) return conflict('party', 'own');
  if (!isActive(of.by, of.now)) return new Problem('role-not-allowed');
  const { objectionsUntil } = of.party;
  return objectionsUntil && of.now < objectionsUntil ? undefined : conflict('party', 'window-over');
}
