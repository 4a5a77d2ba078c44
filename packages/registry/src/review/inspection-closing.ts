import { closeAppealRow, closeWork, recordFinding } from '../records/appeal-closing.ts';
import type {
  RecordEnding,
  Happenings,
  LockedRecord,
  RecordChange,
  TransitionContext,
} from '../records/transition-context.ts';
import {
  changeInspection,
  findInspection,
  setConfirmed,
  type InspectionRow,
} from './inspection-store.ts';
import {
  mostTakenAlone,
  type ReversalCause,
  type InspectionDecision,
  type OpOutput,
} from '@recourse/protocol';
import { endSanction } from '../records/ending.ts';
import { standingOf } from '../records/record.ts';
import {
  wasFoundWrong,
  isOverturned,
  keepDecision,
  takenInADay,
  type SignedDecision,
} from './decision-store.ts';
import { isSpeechCause } from '../parties/expression.rules.ts';
import { liftSuspension, openCauses, speechSuspensionOf } from '../parties/suspending.ts';
import type { CallContext } from '../context/context.ts';
import { assertAllDelivered } from './evidence.ts';
import type { TakenReview } from './lock-review.ts';
import { found, refusal } from '../kernel/refusal.ts';
import type { Db } from '../kernel/database.ts';
import { lockParty } from '../parties/store.ts';
import { findSanction } from '../records/store.ts';
import { lift } from '../records/transition.ts';
import { unexamined } from '../records/life.rules.ts';

/**
 * A party that asked for its record to be decided again is locked before the record: its suspension for speech may be
 * lifted.
 * @throws Problem `not-found`
 */
export async function lockAskingParty(db: Db, id: string): Promise<void> {
  const { why, sanction } = found(await findInspection(db, id), () => true);
  if (why === 'asked') await lockParty(db, (await findSanction(db, sanction))?.party ?? '');
}

/** On an inspection one reviewer decides, and a reversal that two were asked about may come to nothing. */
export async function decideInspection(
  ctx: CallContext,
  taken: TakenReview,
  signed: SignedDecision<InspectionDecision>,
): Promise<OpOutput<'review.decide'>> {
  const { db, now: at } = ctx;
  const { record, review } = taken;
  const { decision, artefact } = signed;
  const { appeal: id, outcome } = decision;
  const inspection = found(await findInspection(db, id), () => true);
  const { why, appeal } = inspection;
  await assertAllDelivered(db, taken);
  if (outcome === 'passed' && !review.evidence_confirmed_at) {
    throw refusal('state-conflict', 'evidence', 'not-confirmed');
  }
  if (outcome === 'failed' && why !== 'asked') await assertNotSerial(ctx);

  await keepDecision(ctx, { record, review: id }, signed);
  let recalls = 0;
  if (outcome === 'failed') {
    const how = { as: 'decided', cause: 'insufficient-evidence', artefact } as const;
    recalls = await failInspection(ctx, { inspection, record }, how);
  } else {
    await closeInspection(ctx, { inspection: id, record }, { as: 'decided', at, outcome });
    await answerAgain(ctx, record);
  }
  if (why === 'asked' && appeal !== null) {
    await liftOverturned(ctx, { party: record.party, appeal });
  }
  return { appeal: id, state: 'decided', outcome, recalls };
}

/** One reviewer cannot empty the registry: an inspection has nobody who confirms, and so the eleventh waits for another day. */
async function assertNotSerial({ db, now, caller: { holder } }: CallContext): Promise<void> {
  if ((await takenInADay(db, { holder, now })) >= mostTakenAlone) {
    throw refusal('state-conflict', 'decision.outcome', 'enough-today');
  }
}

/** Passed, a record that answered no check until it was examined answers again; one whose submitter left stays. */
async function answerAgain(ctx: CallContext, record: LockedRecord): Promise<void> {
  const { db, now: at } = ctx;
  const after = await record.refresh();
  if (record.left_at) {
    await setConfirmed(db, { sanction: record.id, at });
    await after.note({ event: 'leaver-confirmed' });
  }
  await lift(ctx, after, { causes: [unexamined], at });
}

/**
 * Where two whom the submitter asked both disagree, a reversal counts against it no more: nor stands what it was suspended
 * for. The caller holds the lock of the party.
 */
async function liftOverturned(
  ctx: CallContext,
  { party, appeal }: { party: string; appeal: string },
): Promise<void> {
  const { db, now: at } = ctx;
  if (!(await isOverturned(db, { appeal, at }))) return;
  if ((await speechSuspensionOf(db, { party, now: at })) !== undefined) return;
  for (const { cause } of await openCauses(db, party)) {
    if (isSpeechCause(cause)) await liftSuspension(ctx, { party, cause, at });
  }
}

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
}

/** Closes an inspection with its entry. The caller holds the lock of its record. */
export async function closeInspection(
  ctx: TransitionContext,
  of: { inspection: string; record: LockedRecord },
  { as, at, outcome }: InspectionClosing,
): Promise<void> {
  const { db } = ctx;
  const { inspection: id, record } = of;
  const closed = { closed_at: at, closed_as: as, outcome, evidence_due_at: null };
  await changeInspection(db, id, closed);
  await closeWork(db, { review: id, as, at });
  await record.note({
    entry: 'inspection-closed',
    detail: { item: id, as, ...(outcome === null ? {} : { outcome }) },
    at,
  });
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

/**
 * The end of a record ends its inspection. Undelivered, or withdrawn by the submitter after it was drawn, it failed, and counts
 * as a reversal; a record of a suspended party may be withdrawn without that.
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
  const isDodged = ending?.kind === 'withdrawn' && inspection.why !== 're-examination';
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
