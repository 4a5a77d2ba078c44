import { expect } from 'vitest';
import type { TestAnswer } from '@recourse/testkit';
import type { Act } from './acts.ts';
import {
  between,
  mayAppeal,
  mayDecide,
  mayDispute,
  mayOpen,
  mismatch,
  open,
} from './appeal-rules.ts';
import { due, later, type Model } from './model.ts';
import type { RegistryRun } from './registry-run.ts';

type Performer<A extends Act> = (run: RegistryRun, model: Model, act: A) => Promise<void>;
type Performers = { [K in Act['act']]: Performer<Extract<Act, { act: K }>> };

export const perform = (run: RegistryRun, model: Model, act: Act): Promise<void> =>
  (performers[act.act] as Performer<Act>)(run, model, act);

/** The registry does what the model allows, and refuses the rest. */
function agree(model: Model, answer: TestAnswer, of: { allowed: boolean; act: string }): boolean {
  const { allowed, act } = of;
  expect({ act, done: answer.status === 200, answer: allowed ? answer.raw.body : '' }).toEqual({
    act,
    done: allowed,
    answer: allowed ? answer.raw.body : '',
  });
  if (allowed) model.done.add(act);
  return allowed;
}

const performers: Performers = {
  wait: async () => {},
  settle: async (run) => {
    const { failures } = await run.settle();
    expect(failures).toEqual([]);
  },
  repeat: async (run) => {
    const repeated = await run.repeat();
    if (!repeated) return;
    const { first, again } = repeated;
    // Too old to be heard, or answered as the first time.
    if (again.status === 401) return;
    expect(again.raw.body).toBe(first.raw.body);
  },
  notify: async (run, model) => {
    const allowed = !model.over && model.notifiedAt === null;
    if (!agree(model, await run.notify(), { allowed, act: 'notify' })) return;
    model.notifiedAt = model.now;
    const visible = later(model.now, model.answersNow ? 0 : 72);
    if (model.answersNow || model.appeal === null) model.visibleFrom = visible;
    model.advance(model.now);
  },
  tell: async (run, model, { platform }) => {
    const open = model.recalls[platform].some(({ state }) => state === 'open');
    const told = await run.tell(platform);
    // Recalls that stayed open for too long stop checks; whether they did is compared where they are listed.
    if (typeof told === 'string' && told.endsWith('/checks-stopped')) {
      expect(open).toBe(true);
      return;
    }
    expect({ told }).toEqual({ told: model.state === 'visible' });
    if (told) model.told.add(platform);
  },
  acknowledge: async (run, model, { platform }) => {
    await run.settle();
    const recalls = await run.recallsOf(platform);
    expect(recalls.map(({ kind, state }) => ({ kind, state }))).toEqual(model.recalls[platform]);
    const last = recalls.at(-1);
    if (!last) return;
    const one = model.recalls[platform].at(-1)!;
    if (
      agree(model, await run.acknowledge(platform, last.recall), {
        allowed: one.state === 'open',
        act: 'acknowledge',
      })
    ) {
      one.state = 'acknowledged';
    }
  },
  appeal: async (run, model) => {
    const allowed = mayAppeal(model) && !model.closed.some(({ answered }) => answered);
    if (agree(model, await run.appeal(), { allowed, act: 'appeal' })) open(model, false);
  },
  'appeal-with-news': async (run, model) => {
    const answer = await run.appeal({ news: 'Somebody else was convicted.' });
    if (agree(model, answer, { allowed: mayAppeal(model), act: 'appeal-with-news' }))
      open(model, false);
  },
  reopen: async (run, model) => {
    const last = model.closed.findLast(({ answered }) => answered);
    const isFirst = last?.outcome === 'dismissed' && !last.reopens && !last.wasReopened;
    if (
      !agree(model, await run.appeal({ reopen: true }), {
        allowed: mayOpen(model) && isFirst,
        act: 'reopen',
      })
    )
      return;
    last!.wasReopened = true;
    open(model, true);
  },
  'withdraw-appeal': async (run, model) => {
    if (
      !agree(model, await run.withdrawAppeal(false), {
        allowed: model.appeal !== null,
        act: 'withdraw',
      })
    )
      return;
    model.appeal!.withdraws ??= later(model.now, 72);
  },
  'keep-appeal': async (run, model) => {
    if (
      agree(model, await run.withdrawAppeal(true), { allowed: model.appeal !== null, act: 'keep' })
    )
      model.appeal!.withdraws = null;
  },
  take: async (run, model) => {
    const { appeal } = model;
    const free = [0, 1, 2].find((one) => !appeal?.used.includes(one) && !model.decided.has(one));
    const allowed = appeal !== null && appeal.reviewer === null && free !== undefined;
    const answer = await run.take(free ?? 0);
    if (!agree(model, answer, { allowed, act: 'take' }) || !appeal || free === undefined) return;
    const lost = appeal.used.length > 0;
    const fresh = due(model.now, 2);
    const first = due(appeal.openedAt, 7);
    const at = lost ? due(model.now, 7) : first > fresh ? first : fresh;
    Object.assign(appeal, {
      reviewer: free,
      delivered: false,
      evidenceDue: at,
      evidenceLapses: due(at, 7),
    });
    appeal.used.push(free);
  },
  recuse: async (run, model) => {
    const { appeal } = model;
    const on = appeal?.reviewer ?? null;
    if (
      !agree(model, await run.recuse(on ?? 0), { allowed: on !== null, act: 'recuse' }) ||
      !appeal
    )
      return;
    Object.assign(appeal, {
      reviewer: null,
      evidenceDue: null,
      evidenceLapses: null,
      delivered: false,
      confirmed: false,
    });
  },
  deliver: async (run, model) => {
    const { appeal } = model;
    const allowed =
      appeal !== null && appeal.reviewer !== null && !(appeal.delivered && appeal.confirmed);
    if (!agree(model, await run.deliver(), { allowed, act: 'deliver' }) || !appeal) return;
    const item = { at: model.now, wasDisputed: false };
    Object.assign(appeal, { item, delivered: true, evidenceDue: null, evidenceLapses: null });
    if (appeal.dispute) appeal.dispute.isLast = false;
    model.lift(['evidence-overdue']);
  },
  confirm: async (run, model) => {
    const { appeal } = model;
    const isDisputed = appeal?.dispute?.isLast === true;
    const on = appeal?.reviewer ?? null;
    const allowed = on !== null && appeal?.delivered === true && !isDisputed;
    if (agree(model, await run.confirm(on ?? 0), { allowed, act: 'confirm' }))
      appeal!.confirmed = true;
  },
  reject: async (run, model) => {
    const { appeal } = model;
    const on = appeal?.reviewer ?? null;
    const allowed = on !== null && Boolean(appeal?.item ?? appeal?.dispute);
    if (!agree(model, await run.reject(on ?? 0), { allowed, act: 'reject' }) || !appeal) return;
    Object.assign(appeal, { item: null, delivered: false, confirmed: false, dispute: null });
    model.oweAgain(appeal);
  },
  dispute: async (run, model) => {
    const { appeal } = model;
    const on = appeal?.reviewer ?? null;
    const allowed = on !== null && mayDispute(appeal);
    if (!agree(model, await run.dispute(on ?? 0), { allowed, act: 'dispute' }) || !appeal?.item)
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
    const free = [2, 1, 0].find((one) => !appeal?.used.includes(one));
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
    if (says === 'fits' && appeal.delivered) appeal.confirmed = true;
    if (says === 'does-not-fit') mismatch(model, appeal, dispute);
  },
  gist: async (run, model) => {
    const { appeal } = model;
    const on = appeal?.reviewer ?? null;
    if (!agree(model, await run.gist(on ?? 0), { allowed: on !== null, act: 'gist' }) || !appeal)
      return;
    appeal.gists.push({ due: due(model.now, 10), answered: false });
    appeal.added = Math.min(14, appeal.added + 10);
    appeal.decisionDue = due(appeal.openedAt, 30 + appeal.added);
    appeal.lapses = due(appeal.decisionDue, 15);
    if (appeal.decisionDue > model.now) model.lift(['decision-overdue']);
  },
  answer: async (run, model) => {
    const last = model.appeal?.gists.at(-1);
    const allowed = last !== undefined && !last.answered;
    if (agree(model, await run.answer(), { allowed, act: 'answer' })) last!.answered = true;
  },
  relieve: async (run, model, { days }) => {
    const on = model.appeal?.reviewer ?? null;
    const until = new Date(Math.floor(later(model.now, 24 * days).getTime() / 1000) * 1000);
    const allowed = on !== null && days <= 14 && !model.over && !model.suspensions.has('relief');
    if (agree(model, await run.relieve(on ?? 0, until), { allowed, act: 'relieve' }))
      model.suspend('relief', until);
  },
  decide: async (run, model, { outcome }) => {
    const { appeal } = model;
    const on = appeal?.reviewer ?? null;
    const allowed = appeal !== null && on !== null && mayDecide(model, appeal, outcome);
    const expires = between(model.now, model.expires);
    const answer = await run.decide(on ?? 0, { outcome, expires });
    if (!agree(model, answer, { allowed, act: outcome }) || !appeal || on === null) return;
    model.decided.add(on);
    if (outcome === 'reversed' || outcome === 'finding') return model.succeed('error', true);
    model.close({ answered: true, succeeded: false, outcome });
    if (outcome !== 'amended') return;
    model.expires = expires;
    model.recall('correct');
  },
  concede: async (run, model) => {
    if (agree(model, await run.concede(), { allowed: model.appeal !== null, act: 'concede' })) {
      model.succeed('conceded', false);
    }
  },
  withdraw: async (run, model) => {
    if (!agree(model, await run.withdraw(), { allowed: !model.over, act: 'withdraw' })) return;
    if (model.appeal) model.end('reversed', 'conceded');
    else model.end('withdrawn', 'error');
  },
};
