import {
  decisionSchema,
  fromNumericDate,
  peekArtefact,
  reasonsCommitment,
  wholeReasons,
  type Decision,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { noteDecision } from '../accountability/sample-decisions.ts';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CallContext } from '../context.ts';
import { closeAppeal, recordFinding } from '../sanctions/appeal-closing.ts';
import { endSanction } from '../sanctions/ending.ts';
import { standingOf } from '../sanctions/record.ts';
import { invalid } from '../sanctions/refusal.ts';
import { appendEvent, findSanction, type SanctionRow } from '../sanctions/store.ts';
import { makeTransition } from '../sanctions/transition.ts';
import { isOfBatch } from './batch-store.ts';
import { questionsOf } from './case-store.ts';
import { lockHolder } from './claim-store.ts';
import { refuseDecision, type DecisionFacts } from './decision.rules.ts';
import {
  amend,
  attachedPlaces,
  detachSubjects,
  insertDecision,
  votesOfOthers,
} from './decision-store.ts';
import { assertUndecided, lockClaimed, type LockedAppeal } from './lock-appeal.ts';
import { openOwnArtefact } from './own-artefact.ts';
import { sealText } from './sealed-text.ts';
import { changeAppeal, closeAppealRow } from './store.ts';
import { verdictOf, type Verdict, type Vote } from './verdict.rules.ts';

type Answer = OpOutput<'review.decide'>;

/** One reviewer's decision; what the appeal comes to once every reviewer of it has decided. */
export async function decide(
  ctx: CallContext,
  { decision: compact, reasons }: OpInput<'review.decide'>,
): Promise<Answer> {
  const artefact = { compact, member: 'decision', typ: 'recourse-decision+jwt' } as const;
  const decision = await openOwnArtefact(ctx, artefact, decisionSchema);
  // How many records they reversed today is counted by one decision at a time.
  await lockHolder(ctx.db, ctx.caller.holder);
  // A claim ends with its decision: asked for first, or a second decision would read like a stranger's.
  await assertUndecided(ctx, decision.sub);
  const locked = await lockClaimed(ctx, decision.appeal);
  const { record, appeal } = locked;
  await assertMayDecide(ctx, locked, decision);
  if (reasonsCommitment(reasons) !== decision.reasons) throw invalid('reasons', 'not-committed');
  // Read once, decided each: what is true of the evidence is not yet true of everybody it was used against.
  if (reasons.tie === undefined && (await isOfBatch(ctx.db, locked.claim))) {
    throw invalid('reasons.tie', 'missing');
  }
  const { caseKey } = await caseOf(ctx, record);
  const row = { sanction: record.id, holder: ctx.caller.holder };
  const { serial } = await insertDecision(ctx.db, {
    ...row,
    appeal: appeal.id,
    kid: ctx.caller.kid,
    outcome: decision.outcome,
    cause: decision.cause ?? null,
    artefact: compact,
    reasons: sealText(caseKey, wholeReasons(reasons), placeOf('decisions.reasons', row)),
    at: ctx.now,
  });
  ctx.keepWith.add(record.id);
  const others = await votesOfOthers(ctx.db, { appeal: appeal.id, holder: ctx.caller.holder });
  const votes = [...others.map(voteOf), { decision, artefact: compact, serial }];
  const isLast = votes.length >= appeal.reviewers;
  const verdict = isLast ? verdictOf(votes, { ended: hasEnded(ctx, record) }) : undefined;
  if (verdict) return carryOut(ctx, locked, verdict);
  if (isLast) await changeAppeal(ctx.db, appeal.id, { reviewers: appeal.reviewers + 1 });
  // A vote alone changes nothing that anybody could see, an entry in the ledger least of all.
  return { appeal: appeal.id, state: 'awaiting-another', recalls: 0 };
}

const voteOf = ({ artefact, serial }: { artefact: string; serial: boolean }): Vote => ({
  artefact,
  serial,
  decision: peekArtefact(artefact, { typ: 'recourse-decision+jwt', schema: decisionSchema })
    .payload,
});

const hasEnded = ({ now }: CallContext, record: SanctionRow): boolean =>
  standingOf(record, now).ended !== undefined;

async function assertMayDecide(
  ctx: CallContext,
  { record, appeal }: LockedAppeal,
  decision: Decision,
): Promise<void> {
  if (decision.sub !== record.id) throw invalid('decision.sub', 'another-sanction');
  await assertUndecided(ctx, record.id);
  const questions = await questionsOf(ctx.db, appeal.id);
  const facts: DecisionFacts = {
    now: ctx.now,
    openedAt: appeal.opened_at,
    ended: hasEnded(ctx, record),
    evidenceConfirmed: appeal.evidence_confirmed_at !== null,
    gists: questions
      .filter(({ kind }) => kind === 'gist')
      .map(({ due_at, answered_at }) => ({ dueAt: due_at, answered: answered_at !== null })),
    reason: record.amended_reason ?? record.reason,
    age: record.age,
    expiresAt: record.amended_until ?? record.expires_at,
    incidentTo: record.incident_to,
    attached: await attachedPlaces(ctx.db, record.id),
  };
  const problem = refuseDecision(decision, facts);
  if (problem) throw problem;
}

async function carryOut(ctx: CallContext, locked: LockedAppeal, verdict: Verdict): Promise<Answer> {
  const recalls = await act(ctx, locked, verdict);
  await noteDecision(ctx, { appeal: locked.appeal.id, sanction: locked.record.id });
  return { appeal: locked.appeal.id, state: 'decided', outcome: verdict.outcome, recalls };
}

function act(ctx: CallContext, locked: LockedAppeal, verdict: Verdict): Promise<number> {
  if ('cause' in verdict) return findWrong(ctx, locked, verdict);
  const { outcome, vote } = verdict;
  if (outcome === 'amended') return amendRecord(ctx, locked, vote);
  return closeAppeal(ctx, locked.record, {
    as: 'decided',
    at: ctx.now,
    outcome,
    event: `appeal-${outcome}`,
    tell: 'sanction-upheld',
  });
}

/** The appeal is closed first: what ends the sanction then finds none that it answers. */
async function findWrong(
  ctx: CallContext,
  { record, appeal }: LockedAppeal,
  verdict: Extract<Verdict, { cause: string }>,
): Promise<number> {
  const { db, now: at } = ctx;
  const { outcome, cause, vote } = verdict;
  const { id: sanction, version } = record;
  await closeAppealRow(db, appeal.id, { as: 'decided', at, outcome, cause });
  await appendEvent(db, { sanction, version, event: 'appeal-decided', cause, at });
  ctx.changes.sanction('appeal-decided', {
    ...(await caseOf(ctx, record)),
    detail: { appeal: appeal.id, as: 'decided', outcome, cause, version },
  });
  const after = (await findSanction(db, sanction)) ?? record;
  if (outcome === 'finding') return recordFinding(ctx, after, { appeal: appeal.id, cause, at });
  const ending = { kind: 'reversed', cause, by: 'panel', artefact: vote?.artefact } as const;
  return (await endSanction(ctx, after, ending)).recalls;
}

/** The record goes on as the decision has it, and everyone told corrects what they know. */
async function amendRecord(
  ctx: CallContext,
  { record }: LockedAppeal,
  { decision, artefact }: Vote,
): Promise<number> {
  const { db, now: at } = ctx;
  const { reason, exp, detach } = decision;
  const closing = { as: 'decided', at, outcome: 'amended', event: 'appeal-amended' } as const;
  await closeAppeal(ctx, record, closing);
  const until = exp === undefined ? undefined : fromNumericDate(exp);
  await amend(db, record.id, { until, reason, artefact });
  if (detach) await detachSubjects(db, { sanction: record.id, places: detach, at });
  const after = (await findSanction(db, record.id)) ?? record;
  const { recalls } = await makeTransition(ctx, after, {
    event: 'amended',
    at,
    entry: 'sanction-amended',
    recall: 'correct',
    tell: 'sanction-amended',
  });
  return recalls;
}
