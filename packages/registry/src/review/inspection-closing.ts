import type { ReversalCause } from '@recourse/protocol';
import { recordFinding } from '../records/appeal-closing.ts';
import { closeAppealRow, closeWork } from '../records/appeal-store.ts';
import { endSanction } from '../records/ending.ts';
import { isLiftedAt } from '../records/life.rules.ts';
import { standingOf } from '../records/record.ts';
import type {
  Happenings,
  LockedRecord,
  RecordChange,
  RecordEnding,
  TransitionContext,
} from '../records/transition-context.ts';
import { wasFoundWrong } from './decision-store.ts';
import { changeInspection, findInspection, type InspectionRow } from './inspection-store.ts';
import { closingOf } from './inspection-view.ts';

interface Failure {
  readonly as: 'decided' | 'undelivered';
  readonly cause: Extract<ReversalCause, 'insufficient-evidence' | 'evidence-mismatch'>;
  /** The signed decision, where there is one */
  readonly artefact?: string;
}

/**
 * A failure is a reversal. Of a record that had ended it is a finding; where it was found to be wrong before, the reviewers
 * agree, and nothing follows.
 * @returns the recalls that this owes
 */
export async function failInspection(
  ctx: TransitionContext,
  { inspection, record }: { inspection: InspectionRow; record: LockedRecord },
  { as, cause, artefact }: Failure,
): Promise<number> {
  const { db, now: at } = ctx;
  const { id, appeal } = inspection;
  await closeInspection(ctx, { inspection: id, record }, { as, at, outcome: 'failed' });
  const after = await record.refresh();
  if (!standingOf(after, at).ended) {
    const whose = as === 'decided' ? 'panel' : record.party;
    const ending = { kind: 'reversed', cause, by: whose, artefact } as const;
    return (await endSanction(ctx, after, ending)).recalls;
  }
  if (appeal === null || (await wasFoundWrong(db, record.id))) return 0;
  return recordFinding(ctx, after, { appeal, item: id, cause, at });
}

interface InspectionClosing {
  readonly as: NonNullable<InspectionRow['closed_as']>;
  readonly at: Date;
  readonly outcome: InspectionRow['outcome'];
  /** The cause of a reversal that its reviewer confirmed */
  readonly cause?: InspectionRow['cause'];
}

/** Closes an inspection with its entry. The caller holds the lock of its record. */
export async function closeInspection(
  ctx: TransitionContext,
  { inspection: id, record }: { inspection: string; record: LockedRecord },
  { as, at, outcome, cause = null }: InspectionClosing,
): Promise<void> {
  const { db } = ctx;
  const closed = { closed_at: at, closed_as: as, outcome, cause, evidence_due_at: null };
  await changeInspection(db, id, closed);
  await closeWork(db, { review: id, as, at });
  await record.note({
    entry: 'inspection-closed',
    detail: {
      item: id,
      as,
      ...(outcome === null ? {} : { outcome }),
      ...(cause === null ? {} : { cause }),
    },
    at,
  });
}

/**
 * Closes the open inspection of a locked record that time alone closed, before anybody acts on it: its suspension was
 * lifted, or the complaint behind a home reversal did not come. The job does the same later for all others, one a
 * transaction: a group may have a hundred thousand.
 */
export async function closeLapsed(
  ctx: TransitionContext,
  record: LockedRecord,
): Promise<LockedRecord> {
  const { inspection, inspection_over_at: overAt, inspection_evidence_due_at: due } = record;
  const isLate = record.end_kind !== null && due !== null && due <= ctx.now;
  if (inspection === null || !(isLate || isLiftedAt({ overAt }, ctx.now))) return record;
  const row = await findInspection(ctx.db, inspection);
  const closing = row && closingOf(row, ctx.now);
  if (!closing) return record;
  await closeInspection(ctx, { inspection, record }, closing);
  return record.refresh();
}

/** Nobody decided or conceded: the evidence was not there, or not what it was said to be. */
const undelivered: ReadonlySet<string> = new Set(['evidence-not-delivered', 'evidence-mismatch']);

/** An early end answers an open appeal by itself; a decision closes its own before it ends anything. */
export async function closeReviews(
  ctx: TransitionContext,
  change: Happenings['endedEarly'],
): Promise<void> {
  const { record, at, ending } = change;
  const { kind, cause, concession } = ending;
  if (record.appeal !== null) {
    const asked = undelivered.has(cause) ? 'undelivered' : 'conceded';
    const as = kind === 'undecided' ? 'undecided' : asked;
    await closeAppealRow(ctx.db, record.appeal, { as, cause, concession, at });
  }
  await closeInspectionOf(ctx, change);
}

/** Whoever withdraws these does what they are examined for. */
const mayWithdraw: ReadonlySet<string> = new Set(['re-examination', 'relay']);

/**
 * The end of a record ends its inspection. Undelivered, or withdrawn by the submitter after it was drawn, it failed, and counts
 * as a reversal; a record of a suspended party, or one after a reversal, may be withdrawn without that.
 */
export async function closeInspectionOf(
  ctx: TransitionContext,
  { record, at, ending }: RecordChange & { readonly ending?: RecordEnding },
): Promise<void> {
  const inspection =
    record.inspection === null ? undefined : await findInspection(ctx.db, record.inspection);
  if (!inspection || inspection.closed_at) return;
  const isUndelivered =
    ending?.cause === 'evidence-not-delivered' && inspection.evidence_due_at !== null;
  const isDodged = ending?.kind === 'withdrawn' && !mayWithdraw.has(inspection.why);
  await closeInspection(
    ctx,
    { inspection: inspection.id, record },
    {
      as: isUndelivered ? 'undelivered' : 'ended',
      at,
      outcome: isUndelivered || isDodged ? 'failed' : null,
    },
  );
}
