import type { DecisionOutcome, EndCause, EventType, HistoryEvent } from '@recourse/protocol';
import { appealCauses } from '@recourse/protocol/review';
import type { LockedRecord, TransitionContext } from './transition-context.ts';
import { lift } from './transition.ts';
import { sql } from 'kysely';
import type { Db, AppealsTable } from '../kernel/database.ts';

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
  of: { appeal: string; item?: string; cause: EndCause; at: Date },
): Promise<number> {
  const { appeal, item, cause, at } = of;
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

/** Nothing of a record answers before this instant, whatever its holds say. */
async function holdUntil(db: Db, sanction: string, at: Date): Promise<void> {
  await sql`update subjects set review_from = greatest(review_from, ${at})
    where sanction = ${sanction} and review_from is not null`.execute(db);
  await sql`update sanctions set visible_from = greatest(visible_from, ${at}),
    others_from = greatest(others_from, ${at}) where id = ${sanction}`.execute(db);
}

/** Closes an appeal and releases whoever was on it. The caller holds its sanction FOR UPDATE. */
export async function closeAppealRow(
  db: Db,
  appeal: string,
  closing: {
    as: NonNullable<AppealsTable['closed_as']>;
    at: Date;
    outcome?: AppealsTable['outcome'] | undefined;
    cause?: EndCause | undefined;
    concession?: AppealsTable['concession'] | undefined;
  },
): Promise<void> {
  const { as, at, outcome = null, cause = null, concession = null } = closing;
  await db
    .updateTable('appeals')
    .set({
      closed_at: at,
      closed_as: as,
      outcome,
      cause,
      concession,
      evidence_due_at: null,
      evidence_lapses_at: null,
    })
    .where('id', '=', appeal)
    .where('closed_at', 'is', null)
    .execute();
  await closeWork(db, { review: appeal, as, at });
}

/** What was decided, or let run out of time, is nobody's to come back to; what ended without its reviewers is. */
const released = { decided: 'decided', undecided: 'expired' } as const;

/** A case is over: whoever was on it is released, and nothing about its evidence is open. */
export async function closeWork(
  db: Db,
  { review, as, at }: { review: string; as: string; at: Date },
): Promise<void> {
  const how = as === 'decided' || as === 'undecided' ? released[as] : 'closed';
  await db
    .updateTable('assignments')
    .set({ released_at: at, released_as: how })
    .where('review', '=', review)
    .where('released_at', 'is', null)
    .execute();
  await mootAll(db, { review, at });
}

/** The case is over, and with it every open dispute. */
async function mootAll(db: Db, { at, review }: { review: string; at: Date }): Promise<void> {
  await db
    .updateTable('disputes')
    .set({ closed_at: at, closed_as: 'moot', content_key: null })
    .where('review', '=', review)
    .where('closed_at', 'is', null)
    .execute();
}
