import {
  appealDecisionSchema,
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
import type { CallContext } from '../context/context.ts';
import { invalid } from '../kernel/refusal.ts';
import { closeAppeal, recordFinding, closeAppealRow } from '../records/appeal-closing.ts';
import { endSanction } from '../records/ending.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { standingOf } from '../records/record.ts';
import type { SanctionRow } from '../records/store.ts';
import { questionsOf } from './case-store.ts';
import { lockHolder, isOfBatch } from './assignment-store.ts';
import { refuseDecision, type DecisionFacts } from './decision.rules.ts';
import {
  amend,
  attachedPlaces,
  detachSubjects,
  votesOfOthers,
  insertDecided,
  keepDecision,
  type SignedDecision,
} from './decision-store.ts';
import { decideInspection, lockAskingParty } from './inspection-closing.ts';
import { assertUndecided, lockTaken, withAppeal, type TakenReview } from './lock-review.ts';
import { changeAppeal, type AppealRow } from './store.ts';
import { verdictOf, type Verdict, type Vote } from './verdict.rules.ts';
import { openOwnArtefact } from '../parties/opening.ts';

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

/** What a decision is about, locked, for a reviewer who is on it and has not decided it. */
async function lockDecidable(
  ctx: CallContext,
  { sub, appeal: id }: Pick<Decision, 'sub' | 'appeal'>,
): Promise<TakenReview> {
  const { db, caller } = ctx;
  if (isId('itm', id)) await lockAskingParty(db, id);
  // How many records they reversed today is counted by one decision at a time.
  await lockHolder(db, caller.holder);
  // An assignment ends with its decision: asked for first, or a second decision would read like a stranger's.
  await assertUndecided(ctx, sub);
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
  const problem = refuseDecision(decision, { ...(await factsOf(ctx, record, appeal)), ended });
  if (problem) throw problem;
  // Read once, decided each: what is true of the evidence is not yet true of everybody it was used against.
  if (signed.reasons.tie === undefined && (await isOfBatch(db, assignment))) {
    throw invalid('reasons.tie', 'missing');
  }

  const serial = await keepDecision(ctx, { record, review: appeal.id }, signed);
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
  return { appeal: appeal.id, state: 'decided', outcome: verdict.outcome, recalls };
}

/** What an appeal is decided by, besides the decision. */
async function factsOf(
  { db, now }: CallContext,
  record: SanctionRow,
  appeal: AppealRow,
): Promise<Omit<DecisionFacts, 'ended'>> {
  const questions = await questionsOf(db, appeal.id);
  return {
    now,
    openedAt: appeal.opened_at,
    evidenceConfirmed: appeal.evidence_confirmed_at !== null,
    gists: questions
      .filter(({ kind }) => kind === 'gist')
      .map(({ due_at, answered_at }) => ({ dueAt: due_at, answered: answered_at !== null })),
    reason: record.amended_reason ?? record.reason,
    age: record.age,
    expiresAt: record.amended_until ?? record.expires_at,
    incidentTo: record.incident_to,
    attached: await attachedPlaces(db, record.id),
  };
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
