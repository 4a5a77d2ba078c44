import {
  appealDecisionSchema,
  fromNumericDate,
  peekArtefact,
  type AppealDecision,
  type Decision,
  type OpInput,
  type OpOutput,
  wholeReasons,
} from '@recourse/protocol';
import { placeOf } from '../vault/sealed-columns.ts';
import type { CallContext } from '../context/context.ts';
import { closeAppeal, recordFinding } from '../records/appeal-closing.ts';
import { closeAppealRow } from '../records/appeal-store.ts';
import { endSanction } from '../records/ending.ts';
import { standingOf } from '../records/record.ts';
import { invalid } from '../kernel/refusal.ts';
import type { SanctionRow } from '../records/store.ts';
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
import {
  assertUndecided,
  lockClaimed,
  withAppeal,
  type Claimed,
  type LockedAppeal,
  type LockedReview,
} from './lock-review.ts';
import { sealText } from '../vault/sealed-text.ts';
import { changeAppeal } from './store.ts';
import { verdictOf, type Verdict, type Vote } from './verdict.rules.ts';

type Answer = OpOutput<'review.decide'>;

/** A decision that its reviewer signed, with the reasons that it commits to. */
export interface Decided<D> {
  readonly decision: D;
  readonly artefact: string;
  readonly reasons: OpInput<'review.decide'>['reasons'];
}

/** One reviewer's decision; what the appeal comes to once every reviewer of it has decided. */
export async function decideAppeal(
  ctx: CallContext,
  decided: Decided<AppealDecision>,
): Promise<Answer> {
  const { decision, artefact } = decided;
  const claimed = await withAppeal(ctx, await lockDecidable(ctx, decision));
  const { record, appeal } = claimed;
  await assertMayDecide(ctx, claimed, decision);
  // Read once, decided each: what is true of the evidence is not yet true of everybody it was used against.
  if (decided.reasons.tie === undefined && (await isOfBatch(ctx.db, claimed.claim))) {
    throw invalid('reasons.tie', 'missing');
  }
  const serial = await keepDecision(ctx, claimed, decided);
  const others = await votesOfOthers(ctx.db, { review: appeal.id, holder: ctx.caller.holder });
  const votes = [...others.map(voteOf), { decision, artefact, serial }];
  const isLast = votes.length >= appeal.reviewers;
  const verdict = isLast ? verdictOf(votes, { ended: hasEnded(ctx, record) }) : undefined;
  if (verdict) {
    const recalls = await act(ctx, claimed, verdict);
    return { appeal: appeal.id, state: 'decided', outcome: verdict.outcome, recalls };
  }
  if (isLast) await changeAppeal(ctx.db, appeal.id, { reviewers: appeal.reviewers + 1 });
  // A vote alone changes nothing that anybody could see, an entry in the ledger least of all.
  return { appeal: appeal.id, state: 'awaiting-another', recalls: 0 };
}

/** What a decision is about, locked, for a reviewer who is on it and has not decided it. */
export async function lockDecidable(
  ctx: CallContext,
  { sub, appeal }: Pick<Decision, 'sub' | 'appeal'>,
): Promise<Claimed> {
  // How many records they reversed today is counted by one decision at a time.
  await lockHolder(ctx.db, ctx.caller.holder);
  // A claim ends with its decision: asked for first, or a second decision would read like a stranger's.
  await assertUndecided(ctx, sub);
  const locked = await lockClaimed(ctx, appeal);
  if (sub !== locked.record.id) throw invalid('decision.sub', 'another-sanction');
  return locked;
}

/** @returns whether it is one more than its reviewer takes from records in a day on their own word */
export async function keepDecision(
  ctx: CallContext,
  { record, review }: LockedReview,
  { decision, artefact, reasons }: Decided<Decision>,
): Promise<boolean> {
  const row = { sanction: record.id, holder: ctx.caller.holder };
  record.retain();
  const { serial } = await insertDecision(ctx.db, {
    ...row,
    review: review.id,
    kid: ctx.caller.kid,
    outcome: decision.outcome,
    cause: 'cause' in decision ? (decision.cause ?? null) : null,
    artefact,
    reasons: sealText(record.key(), wholeReasons(reasons), placeOf('decisions.reasons', row)),
    at: ctx.now,
  });
  return serial;
}

const voteOf = ({ artefact, serial }: { artefact: string; serial: boolean }): Vote => ({
  artefact,
  serial,
  decision: peekArtefact(artefact, { typ: 'recourse-decision+jwt', schema: appealDecisionSchema })
    .payload,
});

const hasEnded = ({ now }: CallContext, record: SanctionRow): boolean =>
  standingOf(record, now).ended !== undefined;

async function assertMayDecide(
  ctx: CallContext,
  { record, appeal }: LockedAppeal,
  decision: AppealDecision,
): Promise<void> {
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
  const { version } = record;
  await closeAppealRow(db, appeal.id, { as: 'decided', at, outcome, cause });
  await record.note({
    event: 'appeal-decided',
    cause,
    entry: 'appeal-decided',
    detail: { appeal: appeal.id, as: 'decided', outcome, cause, version },
  });
  const after = await record.refresh();
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
  const after = await record.refresh();
  const { recalls } = await after.transition({
    happened: 'amended',
    event: 'amended',
    at,
    entry: { type: 'sanction-amended' },
    tell: 'sanction-amended',
  });
  return recalls;
}
