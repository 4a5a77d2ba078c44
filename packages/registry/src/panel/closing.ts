import type { PanelOutcome } from '@recourse/protocol';
import { openReexaminations } from '../review/inspection-opening.ts';
import { liftSuspension, suspendParty } from '../parties/suspending.ts';
import { suspensionCauses, causeOfItem } from '../parties/suspension-store.ts';
import { groupMembers } from '../parties/group-store.ts';
import { stopParty, lockParty, updateParty } from '../parties/store.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { majorityOf, struckBy } from './majority.rules.ts';
import type { PartyQuestion } from './opening.ts';
import { closeItemRow, votesOn, type ItemRow } from './store.ts';
import { insertAdmission } from '../parties/membership-store.ts';
import { admitted } from '../records/membership.rules.ts';

/**
 * Closes a locked item: by its last vote, or by a deadline that passed before it came. Only now are the votes
 * published, each as its reviewer signed it.
 */
export async function closeItem(
  ctx: TransitionContext,
  item: ItemRow,
  { by, at }: { by: 'votes' | 'deadline'; at: Date },
): Promise<ItemRow> {
  const { db, changes } = ctx;
  const votes = await votesOn(db, item.id);
  const struck = struckBy(
    item.kind,
    votes.map(({ strikes }) => strikes),
  ).length;
  const outcome = majorityOf(
    item.kind,
    votes.map((vote) => vote.outcome),
  );
  await closeItemRow(db, item.id, { at, by, outcome });
  const closed = { ...item, closed_at: at, closed_by: by, outcome };
  changes.public('panel-closed', {
    item: item.id,
    kind: item.kind,
    party: item.party,
    by,
    outcome,
    ...(item.kind === 'strikes' ? { struck } : {}),
    votes: votes.map(({ artefact }) => artefact),
  });
  if (isOfParty(item.kind)) await effects[item.kind](ctx, closed);
  return closed;
}

type Effect = (ctx: TransitionContext, item: ItemRow) => Promise<void>;

const suspends =
  (cause: string): Effect =>
  async (ctx, { id, party, outcome, closed_at: since }) => {
    if (outcome !== 'suspend' || !since) return;
    let records = 0;
    for (const member of await groupMembers(ctx.db, { party, now: since })) {
      // First: a submission that is under way is one of the records that are examined again.
      await stopParty(ctx.db, member);
      records += await openReexaminations(ctx, { party: member, since, item: id });
    }
    await suspendParty(ctx, { party, cause, since, item: id }, { records });
  };

/** What comes of each kind. */
const effects: Readonly<Record<PartyQuestion, Effect>> = {
  'party-suspension': suspends(suspensionCauses.errorRate),
  inquiry: suspends(suspensionCauses.inquiry),
  speech: suspends(suspensionCauses.speech),
  'suspension-appeal': async (ctx, { id, party, about, outcome, closed_at: at }) => {
    const suspension = about === null ? undefined : await causeOfItem(ctx.db, about);
    if (outcome !== 'lift' || !suspension || !at) return;
    await liftSuspension(ctx, { party, cause: suspension.cause, at, by: id });
  },
  // Who counts to what is read from the outcome, and what counts from the votes.
  group: async () => undefined,
  strikes: async () => undefined,
  admission: async (ctx, { id, party, outcome, closed_at: at }) => {
    if (outcome && at) await admitParty(ctx, { party, item: id, outcome, at });
  },
};

const isOfParty = (kind: string): kind is PartyQuestion => kind in effects;

/** What the panel decided about a registration that was objected to: admitted, its probation begins; refused, it stays out. */
async function admitParty(
  { db, changes, services }: TransitionContext,
  closing: { party: string; item: string; outcome: PanelOutcome; at: Date },
): Promise<void> {
  const { party, item, at } = closing;
  const outcome = closing.outcome === 'admit' ? 'admitted' : 'refused';
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
