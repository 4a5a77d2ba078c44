import { toNumericDate } from '@recourse/protocol';
import { emit } from '../../told/events/emit.ts';
import { standingOf } from '../../records/record.ts';
import type {
  LockedRecord,
  RecordChange,
  TransitionContext,
} from '../../records/transition-context.ts';
import { lockRecord } from '../../records/lock-record.ts';
import { reviewDueAt } from '../../records/derived.rules.ts';
import { insertReview, unreviewedDerivedOf } from './store.ts';

/**
 * When the first falls, its derived records get `echo-review`. It falls by whatever those who were told undo: a
 * reversal, a finding, a withdrawal of any kind; not by its expiry. The caller holds its lock, so no derived record is
 * made meanwhile.
 */
export async function reviewDerived(
  ctx: TransitionContext,
  { record: fallen }: RecordChange,
): Promise<void> {
  for (const id of await unreviewedDerivedOf(ctx.db, fallen.id)) {
    const derived = await lockRecord(ctx, id);
    if (derived && !standingOf(derived, ctx.now).ended) await beginReview(ctx, derived);
  }
}

/**
 * Starts the clock of one derived record, in its history and for its platform alone: who made the first record hears
 * nothing.
 */
export async function beginReview(ctx: TransitionContext, derived: LockedRecord): Promise<void> {
  const { db, now } = ctx;
  const { id: sanction, party, version } = derived;
  const dueAt = reviewDueAt(now);
  if (!(await insertReview(db, { derived: sanction, startedAt: now, dueAt }))) return;
  await derived.note({
    event: 'echo-review',
    entry: 'echo-review',
    detail: { version, dueAt: toNumericDate(dueAt) },
    party,
  });
  const body = { version, dueAt: toNumericDate(dueAt) };
  await emit(ctx, { party, type: 'echo-review', sanction, body });
}
