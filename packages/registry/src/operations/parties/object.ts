import { Problem, type Id, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict, invalid } from '../../kernel/refusal.ts';
import { openItem } from '../../panel/opening.ts';
import { countsTo, hasObjected, insertObjectedGroup, isGroup } from '../../parties/group-store.ts';
import { logAct } from '../../parties/log-act.ts';
import { insertObjection } from '../../parties/membership-store.ts';
import { findParty, lockParty, membershipOf, updateParty } from '../../parties/store.ts';
import { isActive, type Membership } from '../../records/membership.rules.ts';

/**
 * A member objects to a registration within its window, on a closed ground. The party is pending from then on
 * until the panel decides, however long that takes. That a group was not disclosed may be objected at any time, and
 * stops and merges nothing: a competitor's word alone never does.
 */
export async function objectToParty(
  ctx: CallContext,
  { party, ground, group }: OpInput<'parties.object'>,
): Promise<OpOutput<'parties.object'>> {
  const { caller, db, now } = ctx;
  const row = await lockParty(db, party);
  const own = await findParty(db, caller.party);
  if (!row || !own) throw new Problem('not-found');
  if (group !== undefined) {
    if (party === caller.party) throw conflict('party', 'own');
    if (!isActive(membershipOf(own), now)) throw new Problem('role-not-allowed');
    return objectToGroup(ctx, { party, group });
  }
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
function refuseObjection({
  toOwn,
  by,
  now,
  party,
}: {
  toOwn: boolean;
  party: Membership;
  by: Membership;
  now: Date;
}): Problem | undefined {
  if (toOwn) return conflict('party', 'own');
  if (!isActive(by, now)) return new Problem('role-not-allowed');
  const { objectionsUntil } = party;
  return objectionsUntil && now < objectionsUntil ? undefined : conflict('party', 'window-over');
}

/** Nothing counts by it until the panel granted it; it lapses with its item, and its objector makes no other for a year. */
async function objectToGroup(
  ctx: CallContext,
  { party, group }: { party: Id<'plt'>; group: string },
): Promise<OpOutput<'parties.object'>> {
  const { db, now } = ctx;
  const by = ctx.caller.party;
  if (!(await isGroup(db, group))) throw invalid('group', 'unknown');
  if (await countsTo(db, { party, group, now })) throw conflict('group', 'counts-already');
  if (await hasObjected(db, { party, by, now })) throw conflict('party', 'objected');
  const figures = { group, by };
  const opened = await openItem(ctx, { kind: 'group', party, figures });
  if (!opened) throw conflict('party', 'being-asked');
  const { item } = opened;
  await insertObjectedGroup(db, { party, group, by, item, at: now });
  logAct(ctx, 'party-objected', { party, by, ground: 'group-undisclosed', group, item });
  return { party, state: 'asked' };
}
