import { attachedPlaces, detachSubjects } from '../review/decision-store.ts';
import { endSanction } from '../records/ending.ts';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import { closeCaseItemRow } from './case-items.ts';
import { findChallenge, type CaseItemRow } from './case-store.ts';
import { majorityOf } from './majority.rules.ts';
import { votesOn, type ItemRow } from './store.ts';

/** Closes an item about a record: by its last vote, or by a deadline that passed before it came. */
export async function closeCaseItem(
  ctx: TransitionContext,
  { item, record }: { item: CaseItemRow; record: LockedRecord },
  { by, at }: { by: 'votes' | 'deadline'; at: Date },
): Promise<ItemRow> {
  const votes = await votesOn(ctx.db, item.id);
  const outcome = majorityOf(
    item.kind,
    votes.map((vote) => vote.outcome),
  );
  await closeCaseItemRow(ctx, { item, record }, { by, at, outcome, votes });
  await takeEffect(ctx, record, { ...item, closed_at: at, outcome });
  return { ...item, closed_at: at, closed_by: by, outcome };
}

async function takeEffect(
  ctx: TransitionContext,
  record: LockedRecord,
  item: CaseItemRow,
): Promise<void> {
  if (item.outcome === 'detach') return detach(ctx, record, item);
  await record.note({ event: 'challenge-refused', at: item.closed_at ?? ctx.now });
}

/**
 * An identifier that changed hands leaves the record, and everyone told corrects what they know. A record of nobody is
 * no amendment: without its last identifier it is reversed.
 */
async function detach(
  ctx: TransitionContext,
  record: LockedRecord,
  item: CaseItemRow,
): Promise<void> {
  const { db, now: at } = ctx;
  const challenge = await findChallenge(db, item.id);
  if (!challenge) return;
  const { position } = challenge;
  const attached = await attachedPlaces(db, record.id);
  await detachSubjects(db, { sanction: record.id, places: [position], at });
  const after = await record.refresh();
  if (attached.every((place) => place === position)) {
    const artefact = (await votesOn(db, item.id)).at(-1)?.artefact;
    const cause = 'mistaken-identity';
    await endSanction(ctx, after, { kind: 'reversed', cause, by: 'panel', artefact });
    return;
  }
  await after.transition({
    happened: 'amended',
    event: 'amended',
    at,
    entry: { type: 'sanction-amended' },
    tell: 'sanction-amended',
  });
}
