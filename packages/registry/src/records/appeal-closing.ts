import type { DecisionOutcome, EndCause, EventType, HistoryEvent } from '@recourse/protocol';
import { appealCauses } from '@recourse/protocol/review';
import type { LockedRecord, TransitionContext } from './transition-context.ts';
import { lift } from './transition.ts';
import { closeAppealRow, holdUntil } from './appeal-store.ts';

export interface AppealClosing {
  readonly as: 'decided' | 'withdrawn' | 'undecided';
  readonly at: Date;
  readonly outcome?: DecisionOutcome;
  readonly cause?: EndCause;
  /** The event in the history, and what everyone told hears of it */
  readonly event: HistoryEvent;
  readonly tell?: EventType;
}

/**
 * Closes the open appeal of a locked sanction that goes on as it is. What was held because of the appeal runs
 * on; what was suspended because of it answers again, and everyone told is told.
 * @returns the recalls that this owes
 */
export async function closeAppeal(
  ctx: TransitionContext,
  record: LockedRecord,
  closing: AppealClosing,
): Promise<number> {
  if (record.appeal === null) return 0;
  const { as, at, outcome, cause, event, tell } = closing;
  await closeAppealRow(ctx.db, record.appeal, { as, at, outcome, cause });
  await runOn(ctx, record, at);
  await record.transition({
    happened: 'appealClosed',
    event,
    cause,
    at,
    entry: {
      type: 'appeal-decided',
      appeal: record.appeal,
      as,
      ...(outcome ? { outcome } : {}),
    },
    ...(tell ? { tell } : {}),
  });
  const after = await record.refresh();
  // What a restored database left open, somebody has now looked at and decided.
  const causes = as === 'decided' ? ([...appealCauses, 'restore'] as const) : appealCauses;
  return (await lift(ctx, after, { causes, at })).recalls;
}

/** An appeal kept a held record held; its hold ends now, and no sooner than it would have. */
async function runOn({ db }: TransitionContext, record: LockedRecord, at: Date): Promise<void> {
  const { id, visible_from: holdEnds, keeps_until: until } = record;
  if (!until || holdEnds === null) return;
  const ends = until < at ? until : at;
  if (holdEnds < ends) await holdUntil(db, id, ends);
}

/** Evidence that was never there, or never fitted, on an ended record: a finding, with the same recalls. */
export async function findUnfounded(
  ctx: TransitionContext,
  record: LockedRecord,
  { cause, at }: { cause: 'evidence-not-delivered' | 'evidence-mismatch'; at: Date },
): Promise<number> {
  if (record.appeal === null) return 0;
  await closeAppealRow(ctx.db, record.appeal, { as: 'undelivered', cause, at });
  return recordFinding(ctx, record, { appeal: record.appeal, cause, at });
}

/**
 * A record that had ended is found to have been wrong: everyone who was told undoes it.
 * @param of `item` where the decision was made again
 */
export async function recordFinding(
  ctx: TransitionContext,
  record: LockedRecord,
  { appeal, item, cause, at }: { appeal: string; item?: string; cause: EndCause; at: Date },
): Promise<number> {
  const { recalls } = await record.transition({
    happened: 'foundWrong',
    event: 'finding',
    cause,
    at,
    entry: { type: 'finding', appeal, ...(item === undefined ? {} : { item }) },
    tell: 'sanction-reversed',
  });
  return recalls;
}
