import type { Act } from './acts.ts';
import { agree, type Performers } from './agree.ts';
import {
  between,
  decided,
  destroy,
  giveBack,
  mayDecide,
  mayDispute,
  mismatch,
  take,
} from './appeal-rules.ts';
import type { Model } from './model.ts';
import { actorOf, due, isDelivered, later, lostAssignments, renew } from './state.ts';

const reviewers = [0, 1, 2] as const;

/** What reviewers do about an appeal, and what the submitter delivers for it. */
export const reviewPerformers: Performers<ReviewAct> = {
  take: async (run, model) => {
    const { appeal } = model;
    const free = freeOf(model);
    const lost = appeal ? lostAssignments(appeal, model.now) : [];
    const taken = (appeal?.assignments.length ?? 0) - lost.length;
    const allowed = appeal !== null && taken < appeal.reviewers && free !== undefined;
    const answer = await run.take(free ?? 0);
    if (!agree(model, answer, { allowed, act: 'take' }) || !appeal || free === undefined) return;
    for (const assignment of lost) giveBack(model, appeal, assignment);
    take(model, appeal, free);
  },
  recuse: async (run, model) => {
    const { appeal } = model;
    const on = actorOf(appeal);
    const answer = await run.recuse(on?.reviewer ?? 0);
    if (!agree(model, answer, { allowed: on !== undefined, act: 'recuse' })) return;
    giveBack(model, appeal!, on!);
  },
  deliver: async (run, model) => {
    const { appeal } = model;
    const allowed =
      appeal !== null &&
      appeal.assignments.length > 0 &&
      !(isDelivered(appeal) && appeal.confirmed);
    if (!agree(model, await run.deliver(), { allowed, act: 'deliver' }) || !appeal) return;
    const item = { at: model.now, wasDisputed: false };
    Object.assign(appeal, { item, evidenceDue: null, evidenceLapses: null });
    renew(appeal, model.now);
    for (const assignment of appeal.assignments) assignment.opens = true;
    if (appeal.dispute) appeal.dispute.isLast = false;
    model.lift(['evidence-overdue']);
  },
  confirm: async (run, model) => {
    const { appeal } = model;
    const on = actorOf(appeal);
    const isDisputed = appeal?.dispute?.isLast === true;
    const allowed = on !== undefined && isDelivered(appeal!) && !isDisputed;
    const answer = await run.confirm(on?.reviewer ?? 0);
    if (agree(model, answer, { allowed, act: 'confirm' })) appeal!.confirmed = true;
  },
  reject: async (run, model) => {
    const { appeal } = model;
    const on = actorOf(appeal);
    const allowed = on !== undefined && Boolean(appeal?.item ?? appeal?.dispute);
    const answer = await run.reject(on?.reviewer ?? 0);
    if (!agree(model, answer, { allowed, act: 'reject' }) || !appeal) return;
    destroy(appeal);
    Object.assign(appeal, { confirmed: false, dispute: null });
    model.oweAgain(appeal);
  },
  dispute: async (run, model) => {
    const { appeal } = model;
    const on = actorOf(appeal);
    const answer = await run.dispute(on?.reviewer ?? 0);
    if (!agree(model, answer, { allowed: mayDispute(appeal), act: 'dispute' }) || !appeal?.item)
      return;
    appeal.item.wasDisputed = true;
    appeal.confirmed = false;
    appeal.dispute = {
      deliveredAt: appeal.item.at,
      isLast: true,
      second: null,
      assignedAt: null,
    };
  },
  recheck: async (run, model) => {
    const { appeal } = model;
    const dispute = appeal?.dispute;
    const free = reviewers.findLast((reviewer) => !appeal?.used.includes(reviewer));
    const isFree =
      !dispute?.assignedAt || dispute.second === free || later(dispute.assignedAt, 24) <= model.now;
    const allowed = Boolean(dispute) && free !== undefined && isFree;
    if (!agree(model, await run.recheck(free ?? 0), { allowed, act: 'recheck' }) || !dispute)
      return;
    Object.assign(dispute, { second: free, assignedAt: model.now });
  },
  'settle-dispute': async (run, model, { says }) => {
    const { appeal } = model;
    const dispute = appeal?.dispute;
    const second = dispute?.second ?? null;
    const allowed = second !== null && !appeal!.used.includes(second);
    const answer = await run.settleDispute(second ?? 0, says);
    if (!agree(model, answer, { allowed, act: says }) || !appeal || !dispute) return;
    appeal.dispute = null;
    if (says === 'fits' && isDelivered(appeal)) appeal.confirmed = true;
    if (says === 'does-not-fit') mismatch(model, appeal, dispute);
  },
  gist: async (run, model) => {
    const { appeal } = model;
    const on = actorOf(appeal);
    const answer = await run.gist(on?.reviewer ?? 0);
    if (!agree(model, answer, { allowed: on !== undefined, act: 'gist' }) || !appeal) return;
    const joined = appeal.joinedWithdraws !== undefined;
    appeal.gists.push({ due: due(model.now, 10), joined, answered: false, heard: false });
    appeal.added = Math.min(14, appeal.added + 10);
    appeal.decisionDue = due(appeal.openedAt, 30 + appeal.added);
    renew(appeal, model.now);
    if (appeal.decisionDue > model.now) model.lift(['decision-overdue']);
  },
  relieve: async (run, model, { days }) => {
    const on = actorOf(model.appeal);
    const until = new Date(Math.floor(later(model.now, 24 * days).getTime() / 1000) * 1000);
    const answer = await run.relieve(on?.reviewer ?? 0, until);
    const allowed = mayRelieve(model) && days <= 14;
    if (!agree(model, answer, { allowed, act: 'relieve' })) return;
    model.appeal!.reliefDue = null;
    model.suspend('relief', until);
  },
  'refuse-relief': async (run, model) => {
    const on = actorOf(model.appeal);
    const answer = await run.relieve(on?.reviewer ?? 0, null);
    const allowed = mayRelieve(model) && Boolean(model.appeal?.reliefDue);
    if (agree(model, answer, { allowed, act: 'refuse-relief' })) model.appeal!.reliefDue = null;
  },
  decide: async (run, model, { outcome }) => {
    const { appeal } = model;
    const on = actorOf(appeal);
    const allowed = appeal !== null && on !== undefined && mayDecide(model, appeal, outcome);
    const expires = between(model.now, model.expires);
    const isSpeech = appeal?.ground === 'expression' && !model.answersNow;
    const cause = isSpeech ? 'expression' : 'error';
    const answer = await run.decide(on?.reviewer ?? 0, { outcome, expires, cause });
    if (!agree(model, answer, { allowed, act: outcome }) || !appeal || !on) return;
    on.vote = { outcome, expires };
    model.judged.add(on.reviewer);
    decided(model, appeal, on.vote);
  },
};

type ReviewAct = Extract<
  Act['act'],
  | 'take'
  | 'recuse'
  | 'deliver'
  | 'confirm'
  | 'reject'
  | 'dispute'
  | 'recheck'
  | 'settle-dispute'
  | 'gist'
  | 'relieve'
  | 'refuse-relief'
  | 'decide'
>;

const freeOf = ({ appeal, judged }: Model): 0 | 1 | 2 | undefined =>
  reviewers.find((reviewer) => !appeal?.used.includes(reviewer) && !judged.has(reviewer));

const mayRelieve = (model: Model): boolean =>
  actorOf(model.appeal) !== undefined && !model.over && !model.suspensions.has('relief');
