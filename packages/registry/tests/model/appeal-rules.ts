import type { Model } from './model.ts';
import {
  actorOf,
  due,
  isDelivered,
  later,
  latest,
  renew,
  type Ground,
  type ModelAppeal,
  type ModelDispute,
  type ModelSubmitter,
  type Outcome,
  type ModelAssignment,
} from './state.ts';

/** What a decision needs, and only some of them. */
export function mayDecide(model: Model, appeal: ModelAppeal, outcome: string): boolean {
  const isHeard = appeal.gists.every((gist) => gist.heard || gist.due <= model.now);
  const gist = appeal.gists.length > 0 && isHeard;
  switch (outcome) {
    case 'upheld':
      return appeal.confirmed && gist;
    case 'amended':
      return !model.over && appeal.confirmed && gist;
    case 'dismissed':
      return !model.over && model.now <= due(appeal.openedAt, 5);
    case 'reversed':
      return !model.over;
    default:
      return model.over;
  }
}

const isWrong = (outcome: Outcome): boolean => outcome === 'reversed' || outcome === 'finding';

/** One reviewer has decided: of two, the second vote brings what both say, and disagreement reverses. */
export function decided(
  model: Model,
  appeal: ModelAppeal,
  vote: NonNullable<ModelAssignment['vote']>,
): void {
  const votes = appeal.assignments.flatMap((assignment) => assignment.vote ?? []);
  if (votes.length < appeal.reviewers) return;
  const isSpeech = appeal.ground === 'expression' && !model.answersNow;
  const isAgreed = votes.every((one) => isSame(one, vote));
  if (!isAgreed || isWrong(vote.outcome)) model.drawableUntil = later(model.now, 24);
  if (votes.some(({ outcome }) => isWrong(outcome))) {
    // A cause that stops a group is what both named.
    const isNamed = isSpeech && votes.every(({ outcome }) => isWrong(outcome));
    if (isNamed) model.reverseSpeech();
    return model.succeed(isNamed ? 'expression' : 'error', true);
  }
  if (!isAgreed) return model.succeed('insufficient-evidence', true);
  model.close({ answered: true, succeeded: false, outcome: vote.outcome });
  if (vote.outcome !== 'amended') return;
  model.expires = vote.expires;
  model.recall('correct');
}

type Vote = NonNullable<ModelAssignment['vote']>;

const isSame = (a: Vote, b: Vote): boolean =>
  a.outcome === b.outcome &&
  (a.outcome !== 'amended' || a.expires.getTime() === b.expires.getTime());

export const mayRecord = (by: ModelSubmitter): boolean => !by.leftAt;

/** Half way, in whole seconds. */
export const between = (a: Date, b: Date): Date =>
  new Date(Math.floor((a.getTime() + b.getTime()) / 2000) * 1000);

/** Found twice not to fit: destroyed, to come once more; delivered after an earlier one, the appeal succeeds. */
export function mismatch(model: Model, appeal: ModelAppeal, dispute: ModelDispute): void {
  const isSecond = appeal.mismatches.some((at) => at <= dispute.deliveredAt);
  appeal.mismatches.push(model.now);
  appeal.firstRejection ??= model.now;
  if (dispute.isLast) destroy(appeal);
  if (isSecond) return model.succeed('evidence-mismatch', true);
  if (!appeal.item && appeal.assignments.length > 0) model.oweAgain(appeal);
}

export function destroy(appeal: ModelAppeal): void {
  appeal.item = null;
  for (const assignment of appeal.assignments) assignment.opens = false;
}

export function mayOpen(model: Model): boolean {
  const succeeded = model.phase === 'reversed' || model.closed.some((one) => one.succeeded);
  const isLate = model.now > due(model.endedAt ?? model.expires, 180);
  return !model.appeal && !succeeded && !isLate && !model.isCaseErased;
}

export const mayAppeal = (model: Model): boolean =>
  mayOpen(model) &&
  !model.closed.some(({ at, answered }) => answered && later(at, 90 * 24) > model.now);

export function open(
  model: Model,
  options: { ground?: Ground; reopens?: boolean; asksErasure?: boolean } = {},
): void {
  const { ground = 'procedure', reopens = false, asksErasure = false } = options;
  const { now } = model;
  const decisionDue = due(now, 30);
  // A record that answers at once is of a code that is not next to speech.
  const isSpeech = ground === 'expression' && !model.answersNow;
  model.appeal = {
    openedAt: now,
    ground,
    reviewers: isSpeech ? 2 : 1,
    keepsUntil: kept(model, 'opener'),
    evidenceDue: null,
    evidenceLapses: null,
    decisionDue,
    undecided: due(now, 180),
    bound: model.closed.some(({ outcome }) => outcome !== undefined),
    reliefDue: isSpeech ? due(now, 3) : null,
    withdraws: null,
    openerWithdraws: null,
    joinedWithdraws: undefined,
    added: 0,
    assignments: [],
    used: [],
    item: null,
    confirmed: false,
    dispute: null,
    firstRejection: null,
    mismatches: [],
    reopens,
    gists: [],
    asksErasure,
  };
}

/** A held record: 60 d from the first time that this claimant kept it so, and not from the next one. */
export function kept(model: Model, by: 'opener' | 'joined'): Date | null {
  if (model.phase !== 'held' || model.answersNow) return null;
  const until = (model.keptUntil[by] ??= due(model.now, 60));
  return until > model.now ? until : null;
}

/** Evidence is due 7 d from each key. */
export function take(model: Model, appeal: ModelAppeal, reviewer: number): void {
  const at = latest(appeal.evidenceDue, due(model.now, 7));
  Object.assign(appeal, { confirmed: false, evidenceDue: at, evidenceLapses: due(at, 7) });
  appeal.used.push(reviewer);
  appeal.assignments.push({ reviewer, opens: false, expires: model.now, vote: null });
  renew(appeal, model.now);
}

/** With nobody left to seal to nothing is due; what all others can open is delivered. */
export function giveBack(model: Model, appeal: ModelAppeal, assignment: ModelAssignment): void {
  appeal.assignments = appeal.assignments.filter((one) => one !== assignment);
  if (appeal.assignments.length === 0) appeal.confirmed = false;
  if (appeal.assignments.length > 0 && !isDelivered(appeal)) return;
  Object.assign(appeal, { evidenceDue: null, evidenceLapses: null });
  renew(appeal, model.now);
  if (isDelivered(appeal)) model.lift(['evidence-overdue']);
}

/** Once for each delivery, and one item at a time. */
export const mayDispute = (appeal: ModelAppeal | null): boolean =>
  actorOf(appeal)?.opens === true && appeal?.dispute === null && appeal.item?.wasDisputed === false;
