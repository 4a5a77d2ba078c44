import { due, later, type Model, type ModelAppeal, type ModelDispute } from './model.ts';

/** What a decision needs, and only some of them. */
export function mayDecide(model: Model, appeal: ModelAppeal, outcome: string): boolean {
  const gist = appeal.gists.some((one) => one.answered || one.due <= model.now);
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

/** Half way, in whole seconds. */
export const between = (a: Date, b: Date): Date =>
  new Date(Math.floor((a.getTime() + b.getTime()) / 2000) * 1000);

/** Found twice not to fit: destroyed, to come once more; delivered after an earlier one, the appeal succeeds. */
export function mismatch(model: Model, appeal: ModelAppeal, dispute: ModelDispute): void {
  const isSecond = appeal.mismatches.some((at) => at <= dispute.deliveredAt);
  appeal.mismatches.push(model.now);
  appeal.firstRejection ??= model.now;
  if (dispute.isLast) Object.assign(appeal, { item: null, delivered: false });
  if (isSecond) return model.succeed('evidence-mismatch', true);
  if (!appeal.item && appeal.reviewer !== null) model.oweAgain(appeal);
}

export function mayOpen(model: Model): boolean {
  const succeeded = model.phase === 'reversed' || model.closed.some((one) => one.succeeded);
  return !model.appeal && !succeeded && model.now <= due(model.endedAt ?? model.expires, 180);
}

export const mayAppeal = (model: Model): boolean =>
  mayOpen(model) &&
  !model.closed.some(({ at, answered }) => answered && later(at, 90 * 24) > model.now);

export function open(model: Model, reopens: boolean): void {
  const decisionDue = due(model.now, 30);
  model.appeal = {
    openedAt: model.now,
    evidenceDue: null,
    evidenceLapses: null,
    decisionDue,
    lapses: due(decisionDue, 15),
    withdraws: null,
    added: 0,
    reviewer: null,
    used: [],
    item: null,
    delivered: false,
    confirmed: false,
    dispute: null,
    firstRejection: null,
    mismatches: [],
    reopens,
    gists: [],
  };
  if (model.phase === 'held' && !model.answersNow) model.visibleFrom = null;
}

/** Once for each delivery, and one item at a time. */
export const mayDispute = (appeal: ModelAppeal | null): boolean =>
  appeal?.delivered === true && appeal.dispute === null && appeal.item?.wasDisputed === false;
