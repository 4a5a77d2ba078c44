import { toNumericDate, type Id, type PanelOutcome } from '@recourse/protocol';
import type { SanctionRow } from '../records/store.ts';
import type {
  LockedRecord,
  RecordChange,
  TransitionContext,
} from '../records/transition-context.ts';
import { emitEach } from '../told/events/emit.ts';
import { closeChallenge, findChallenge, itemsOfCase, type CaseItemRow } from './case-store.ts';
import { closeItemRow, votesOn, type VoteRow } from './store.ts';

export interface CaseItemClosing {
  readonly by: 'votes' | 'deadline' | 'end';
  readonly at: Date;
  readonly outcome: PanelOutcome | null;
  /** Signed, in their order */
  readonly votes: readonly VoteRow[];
}

/** Closes an item with its entry; what comes of it is another's. The caller holds the lock of its record. */
export async function closeCaseItemRow(
  ctx: TransitionContext,
  { item, record }: { item: CaseItemRow; record: LockedRecord },
  { by, at, outcome, votes }: CaseItemClosing,
): Promise<void> {
  const { db } = ctx;
  await closeItemRow(db, item.id, { at, by, outcome });
  await record.note({
    entry: 'panel-answered',
    detail: {
      item: item.id,
      by,
      ...(outcome === null ? {} : { outcome }),
      votes: votes.map(({ artefact }) => artefact),
    },
    at,
  });
  await closeChallenge(db, item.id, at);
  await tellOfChallenge(ctx, record, { type: 'challenge-decided', item: item.id, outcome });
}

/** The submitter, and whoever says that an identifier changed hands. */
export async function tellOfChallenge(
  ctx: TransitionContext,
  { id: sanction, party, version }: SanctionRow,
  news: {
    type: 'subject-challenged' | 'challenge-decided';
    item: Id<'itm'>;
    outcome?: PanelOutcome | null;
    dueAt?: Date;
  },
): Promise<void> {
  const { type, item, outcome, dueAt: due } = news;
  const challenge = await findChallenge(ctx.db, item);
  const body = {
    version,
    item,
    ...(outcome ? { cause: outcome } : {}),
    ...(due ? { dueAt: toNumericDate(due) } : {}),
  };
  const parties = new Set([party, ...(challenge ? [challenge.by_party] : [])]);
  await emitEach(
    ctx,
    [...parties].map((to) => ({ party: to, sanction, type, body })),
  );
}

/** The end of a record ends what the panel was asked about its identifiers. */
export async function closeItemsOf(
  ctx: TransitionContext,
  { record, at }: RecordChange,
): Promise<void> {
  for (const item of await itemsOfCase(ctx.db, record.id)) {
    if (item.closed_at) continue;
    const votes = await votesOn(ctx.db, item.id);
    await closeCaseItemRow(ctx, { item, record }, { by: 'end', at, outcome: null, votes });
  }
}
