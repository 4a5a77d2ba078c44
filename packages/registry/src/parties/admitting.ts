import type { PanelOutcome } from '@recourse/protocol';
import type { TransitionContext } from '../records/transition-context.ts';
import { insertAdmission } from './membership-store.ts';
import { admitted } from '../records/membership.rules.ts';
import { lockParty, updateParty } from './store.ts';

/** What the panel decided about a registration that was objected to: admitted, its probation begins; refused, it stays out. */
export async function admitParty(
  { db, changes, services }: TransitionContext,
  of: { party: string; item: string; outcome: PanelOutcome; at: Date },
): Promise<void> {
  const { party, item, at } = of;
  const outcome = of.outcome === 'admit' ? 'admitted' : 'refused';
  const row = await lockParty(db, party);
  await insertAdmission(db, { party, outcome, at, item });
  if (outcome === 'refused' || !row?.objections_until) return;
  const window = { objectionsUntil: row.objections_until, decidedAt: at };
  const { activeFrom: from, probationUntil } = admitted(window, services.deadlines);
  await updateParty(db, party, { active: { from, probationUntil } });
  changes.public('party-admitted', {
    party,
    item,
    activeFrom: from.toISOString(),
    probationUntil: probationUntil.toISOString(),
  });
}
