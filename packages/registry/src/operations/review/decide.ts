import {
  appealDecisionSchema,
  confirmedCauses,
  decisionSchema,
  detailOf,
  entryLeafHash,
  fromNumericDate,
  isId,
  openedEntry,
  peekArtefact,
  reasonsCommitment,
  type AppealDecision,
  type Decision,
  type InspectionDecision,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { judgeSubmitter } from '../../accountability/judging.ts';
import type { CallContext } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { found, invalid, refusal } from '../../kernel/refusal.ts';
import { openOwnArtefact } from '../../parties/opening.ts';
import { closeAppeal, recordFinding } from '../../records/appeal-closing.ts';
import { closeAppealRow } from '../../records/appeal-store.ts';
import { endSanction } from '../../records/ending.ts';
import { standingOf } from '../../records/record.ts';
import type { LockedRecord } from '../../records/transition-context.ts';
import { isOfBatch, lockHolder } from '../../review/assignment-store.ts';
import {
  amend,
  detachSubjects,
  factsOf,
  findSeries,
  insertDecided,
  keepDecision,
  votesOfOthers,
  type SignedDecision,
} from '../../review/decision-store.ts';
import { refuseDecision } from '../../review/decision.rules.ts';
import { assertAllDelivered } from '../../review/evidence.ts';
import { closeInspection, failInspection } from '../../review/inspection-closing.ts';
import { openInspection } from '../../review/inspection-opening.ts';
import { findInspection, setConfirmed, type InspectionRow } from '../../review/inspection-store.ts';
import {
  assertUndecided,
  lockTaken,
  withAppeal,
  type TakenReview,
} from '../../review/lock-review.ts';
import { changeAppeal } from '../../review/store.ts';
import { countsInSeries, verdictOf, type Verdict, type Vote } from '../../review/verdict.rules.ts';

/** The signed answer of a reviewer, to an appeal or of an inspection. */
export async function decide(
  ctx: CallContext,
  { decision: compact, reasons }: OpInput<'review.decide'>,
): Promise<OpOutput<'review.decide'>> {
  const artefact = { compact, member: 'decision', typ: 'recourse-decision+jwt' } as const;
  const decision = await openOwnArtefact(ctx, artefact, decisionSchema);
  if (reasonsCommitment(reasons) !== decision.reasons) throw invalid('reasons', 'not-committed');
  const taken = await lockDecidable(ctx, decision);
  const signed = { artefact: compact, reasons };
  return isOfInspection(decision)
    ? decideInspection(ctx, taken, { decision, ...signed })
    : decideAppeal(ctx, taken, { decision, ...signed });
}

const isOfInspection = (decision: Decision): decision is InspectionDecision =>
  isId('itm', decision.appeal);

/** Locks what a decision is about, for a reviewer who is on it and has not decided it. */
async function lockDecidable(
  ctx: CallContext,
  { sub, appeal: id }: Pick<Decision, 'sub' | 'appeal'>,
): Promise<TakenReview> {
  const { db, caller } = ctx;
  // Their series are counted by one decision at a time.
  await lockHolder(db, caller.holder);
  // An assignment ends with its decision: asked for first, or a second decision would read like a stranger's.
  await assertUndecided(ctx, id);
  const taken = await lockTaken(ctx, id);
  if (sub !== taken.record.id) throw invalid('decision.sub', 'another-sanction');
  return taken;
}

/** One reviewer's decision; what the appeal comes to once every reviewer of it has decided. */
async function decideAppeal(
  ctx: CallContext,
  taken: TakenReview,
  signed: SignedDecision<AppealDecision>,
): Promise<OpOutput<'review.decide'>> {
  const { db, now, caller } = ctx;
  const { decision, artefact } = signed;
  const { record, assignment, appeal } = await withAppeal(ctx, taken);
  const ended = standingOf(record, now).ended !== undefined;
  const problem = refuseDecision(decision, { ...(await factsOf(ctx, { record, appeal })), ended });
  if (problem) throw problem;
  // Read once, decided each: what is true of the evidence is not yet true of everybody it was used against.
  if (signed.reasons.tie === undefined && (await isOfBatch(db, assignment))) {
    throw invalid('reasons.tie', 'missing');
  }

  const counts = countsInSeries(decision.outcome);
  const serial = await keepDecision(ctx, { record, review: appeal.id, counts }, signed);
  const others = await votesOfOthers(db, { review: appeal.id, holder: caller.holder });
  const votes = [...others.map(voteOf), { decision, artefact, serial }] as const;
  const isLast = votes.length >= appeal.reviewers;
  const verdict = isLast ? verdictOf(votes, { ended }) : undefined;
  if (!verdict) {
    if (isLast) await changeAppeal(db, appeal.id, { reviewers: appeal.reviewers + 1 });
    // A vote alone changes nothing that anybody could see, an entry in the ledger least of all.
    return { appeal: appeal.id, state: 'awaiting-another', recalls: 0 };
  }

  const recalls = await carryOut(ctx, record, { appeal: appeal.id, verdict });
  await noteDecided(ctx, { appeal: appeal.id, sanction: record.id });
  if ('cause' in verdict && verdict.unconfirmed) {
    record.retain();
    const again = { appeal: appeal.id };
    await openInspection(ctx, await record.refresh(), { why: 'cause', again });
  }
  return { appeal: appeal.id, state: 'decided', outcome: verdict.outcome, recalls };
}

const voteOf = ({ artefact, serial }: { artefact: string; serial: boolean }): Vote => ({
  artefact,
  serial,
  decision: peekArtefact(artefact, { typ: 'recourse-decision+jwt', schema: appealDecisionSchema })
    .payload,
});

/** @returns the recalls that the verdict owes */
async function carryOut(
  ctx: CallContext,
  record: LockedRecord,
  { appeal, verdict }: { appeal: string; verdict: Verdict },
): Promise<number> {
  const { db, now: at } = ctx;
  if (!('cause' in verdict)) return letStand(ctx, record, verdict);
  const { outcome, cause, vote } = verdict;
  const { version } = record;
  // The appeal is closed first: what ends the record then finds none that it answers.
  await closeAppealRow(db, appeal, { as: 'decided', at, outcome, cause });
  await record.note({
    event: 'appeal-decided',
    cause,
    entry: 'appeal-decided',
    detail: { appeal, as: 'decided', outcome, cause, version },
  });
  const after = await record.refresh();
  if (outcome === 'finding') return recordFinding(ctx, after, { appeal, cause, at });
  const ending = { kind: 'reversed', cause, by: 'panel', artefact: vote?.artefact } as const;
  return (await endSanction(ctx, after, ending)).recalls;
}

/** The record goes on, as it is or as the decision has it; everyone told corrects what they know. */
async function letStand(
  ctx: CallContext,
  record: LockedRecord,
  { outcome, vote }: Exclude<Verdict, { cause: string }>,
): Promise<number> {
  const { db, now: at } = ctx;
  const closing = { as: 'decided', at, outcome, event: `appeal-${outcome}` } as const;
  if (outcome !== 'amended')
    return closeAppeal(ctx, record, { ...closing, tell: 'sanction-upheld' });
  await closeAppeal(ctx, record, closing);
  const { reason, exp, detach } = vote.decision;
  const until = exp === undefined ? undefined : fromNumericDate(exp);
  await amend(db, record.id, { until, reason, artefact: vote.artefact });
  if (detach) await detachSubjects(db, { sanction: record.id, places: detach, at });
  const { recalls } = await (
    await record.refresh()
  ).transition({
    happened: 'amended',
    event: 'amended',
    at,
    entry: { type: 'sanction-amended' },
    tell: 'sanction-amended',
  });
  return recalls;
}

/** Notes the entry of a decision: by its hash one decision in twenty is made again (`sample-decisions.ts`). */
async function noteDecided(
  { db, changes }: CallContext,
  { appeal, sanction }: { appeal: string; sanction: string },
): Promise<void> {
  const decided = changes.list.findLast(
    ({ opening }) => detailOf('appeal-decided', openedEntry(opening))?.appeal === appeal,
  );
  if (!decided) throw new TypeError('a decision without an entry');
  await insertDecided(db, { appeal, sanction, leaf: entryLeafHash(decided.entry) });
}

/** Requires that what is there allows this outcome. */
async function assertDecidable(
  db: Db,
  {
    taken,
    inspection,
    decision,
  }: { taken: TakenReview; inspection: InspectionRow; decision: InspectionDecision },
): Promise<void> {
  const { outcome, cause } = decision;
  const { why, appeal } = inspection;
  // A submitter that delivers nothing must not keep a cause from being confirmed.
  if (why !== 'cause' || outcome === 'passed') await assertAllDelivered(db, taken);
  if (cause !== undefined && (outcome === 'passed' || appeal === null)) {
    throw invalid('decision.cause', 'unexpected');
  }
  if (outcome === 'passed' && !taken.review.evidence_confirmed_at) {
    throw refusal('state-conflict', 'evidence', 'not-confirmed');
  }
}

/** On an inspection one reviewer decides. */
async function decideInspection(
  ctx: CallContext,
  taken: TakenReview,
  signed: SignedDecision<InspectionDecision>,
): Promise<OpOutput<'review.decide'>> {
  const { db, now: at, caller } = ctx;
  const { record } = taken;
  const { decision, artefact } = signed;
  const { appeal: id, outcome } = decision;
  const inspection = found(await findInspection(db, id), () => true);
  const { why, appeal } = inspection;
  await assertDecidable(db, { taken, inspection, decision });
  const counts = why !== 'cause' && countsInSeries(outcome);
  // One reviewer cannot empty the registry. An inspection has nobody who confirms: it waits, or goes to somebody else.
  const next = { holder: caller.holder, sanction: record.id, now: at };
  const series = counts ? await findSeries(db, next) : undefined;
  if (series) throw refusal('state-conflict', 'decision.outcome', `enough-${series}`);

  await keepDecision(ctx, { record, review: id, counts }, signed);
  let recalls = 0;
  if (why === 'cause' && appeal !== null) {
    await answerCause(ctx, taken.record, { inspection: id, appeal, decision });
  } else if (outcome === 'failed') {
    const how = { as: 'decided', cause: 'insufficient-evidence', artefact } as const;
    recalls = await failInspection(ctx, { inspection, record }, how);
  } else {
    await closeInspection(ctx, { inspection: id, record }, { as: 'decided', at, outcome });
    if (record.left_at) await confirmLeaver(ctx, record);
  }
  return { appeal: id, state: 'decided', outcome, recalls };
}

/** Passed, a record whose submitter left stays. */
async function confirmLeaver(
  { db, now: at }: CallContext,
  { id: sanction, refresh }: LockedRecord,
): Promise<void> {
  await setConfirmed(db, { sanction, at });
  await (await refresh()).note({ event: 'leaver-confirmed' });
}

/** The record stays reversed. What both named, without knowing of each other, is the cause, and may stop the group. */
async function answerCause(
  ctx: CallContext,
  record: LockedRecord,
  {
    inspection,
    appeal,
    decision,
  }: { inspection: string; appeal: string; decision: InspectionDecision },
): Promise<void> {
  const first = await votesOfOthers(ctx.db, { review: appeal, holder: ctx.caller.holder });
  const named = first.map((vote) => voteOf(vote).decision.cause);
  const cause = confirmedCauses.find((one) => one === decision.cause && named.includes(one));
  const { outcome } = decision;
  await closeInspection(
    ctx,
    { inspection, record },
    { as: 'decided', at: ctx.now, outcome, cause: cause ?? null },
  );
  if (cause) await judgeSubmitter(ctx, record.party);
}
