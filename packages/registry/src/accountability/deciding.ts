import {
  decisionSchema,
  isId,
  mostTakenAlone,
  reasonsCommitment,
  type Decision,
  type InspectionDecision,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { decideAppeal, keepDecision, lockDecidable, type Decided } from '../review/deciding.ts';
import { takenInADay } from '../review/decision-store.ts';
import { assertAllDelivered } from '../review/delivering.ts';
import { openOwnArtefact } from '../review/verify-caller-artefact.ts';
import type { CallContext } from '../context/context.ts';
import { lockParty } from '../parties/store.ts';
import { unexamined } from '../records/life.rules.ts';
import { invalid, refusal } from '../kernel/refusal.ts';
import { findSanction } from '../records/store.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { lift } from '../records/transition.ts';
import { found } from '../submissions/views.ts';
import { closeInspection } from '../review/inspection-closing.ts';
import { failInspection } from '../review/inspection-failing.ts';
import { findInspection, setConfirmed, type InspectionRow } from '../review/inspection-store.ts';
import { liftOverturned } from './overturning.ts';
import { noteDecision } from './sample-decisions.ts';

/** The signed answer of a reviewer, to an appeal or of an inspection. */
export async function decide(
  ctx: CallContext,
  { decision: compact, reasons }: OpInput<'review.decide'>,
): Promise<OpOutput<'review.decide'>> {
  const artefact = { compact, member: 'decision', typ: 'recourse-decision+jwt' } as const;
  const decision = await openOwnArtefact(ctx, artefact, decisionSchema);
  if (reasonsCommitment(reasons) !== decision.reasons) throw invalid('reasons', 'not-committed');
  const given = { artefact: compact, reasons };
  if (isOfInspection(decision)) return decideInspection(ctx, { decision, ...given });
  const answer = await decideAppeal(ctx, { decision, ...given });
  if (answer.state === 'decided') {
    await noteDecision(ctx, { appeal: decision.appeal, sanction: decision.sub });
  }
  return answer;
}

const isOfInspection = (decision: Decision): decision is InspectionDecision =>
  isId('itm', decision.appeal);

/** On an inspection one reviewer decides, and a reversal that two were asked about may come to nothing. */
async function decideInspection(
  ctx: CallContext,
  decided: Decided<InspectionDecision>,
): Promise<OpOutput<'review.decide'>> {
  const { decision, artefact } = decided;
  const { appeal: id, outcome } = decision;
  const inspection = found(await findInspection(ctx.db, id), () => true);
  const { why, appeal } = inspection;
  // A party is locked before its records.
  const party = (await findSanction(ctx.db, inspection.sanction))?.party ?? '';
  if (why === 'asked') await lockParty(ctx.db, party);
  const locked = await lockDecidable(ctx, decision);
  await assertAllDelivered(ctx, locked);
  if (outcome === 'passed' && !locked.review.evidence_confirmed_at) {
    throw refusal('state-conflict', 'evidence', 'not-confirmed');
  }
  if (outcome === 'failed' && why !== 'asked') await assertNotSerial(ctx);
  await keepDecision(ctx, locked, decided);
  const of = { inspection, record: locked.record };
  const recalls = await carryOut(ctx, of, { outcome, artefact });
  if (why === 'asked' && appeal !== null) await liftOverturned(ctx, { party, appeal });
  return { appeal: id, state: 'decided', outcome, recalls };
}

/** One reviewer cannot empty the registry: an inspection has nobody who confirms, and so the eleventh waits for another day. */
async function assertNotSerial({ db, now, caller: { holder } }: CallContext): Promise<void> {
  if ((await takenInADay(db, { holder, now })) >= mostTakenAlone) {
    throw refusal('state-conflict', 'decision.outcome', 'enough-today');
  }
}

/** A failure is a reversal, with its recalls; passed, a record that answered no check until it was examined answers again. */
async function carryOut(
  ctx: CallContext,
  { inspection, record }: { inspection: InspectionRow; record: LockedRecord },
  { outcome, artefact }: { outcome: InspectionDecision['outcome']; artefact: string },
): Promise<number> {
  const { now: at } = ctx;
  if (outcome === 'failed') {
    const how = { as: 'decided', cause: 'insufficient-evidence', artefact } as const;
    return failInspection(ctx, { inspection, record }, how);
  }
  const of = { inspection: inspection.id, record };
  await closeInspection(ctx, of, { as: 'decided', at, outcome });
  const after = await record.refresh();
  if (record.left_at) await confirmLeaver(ctx, after);
  await lift(ctx, after, { causes: [unexamined], at });
  return 0;
}

/** Examined after its submitter left, it stays. */
async function confirmLeaver({ db, now: at }: CallContext, record: LockedRecord): Promise<void> {
  await setConfirmed(db, { sanction: record.id, at });
  await record.note({ event: 'leaver-confirmed' });
}
