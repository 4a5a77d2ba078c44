import { expect } from 'vitest';
import type { Act } from './acts.ts';
import { agree, type Performer, type Performers } from './agree.ts';
import { kept, mayAppeal, mayOpen, mayRecord, open } from './appeal-rules.ts';
import { Model } from './model.ts';
import type { RegistryRun } from './registry-run.ts';
import { reviewPerformers } from './review-performers.ts';
import {
  due,
  endWhenAllWithdrew,
  later,
  latest,
  type ModelRecall,
  type ModelSubmitter,
  renew,
} from './state.ts';

export const perform = (run: RegistryRun, model: Model, act: Act): Promise<void> =>
  (performers[act.act] as Performer<Act>)(run, model, act);

const performers: Performers<Act['act']> = {
  ...reviewPerformers,
  wait: async () => {},
  settle: async (run) => {
    if (run.jobs !== 'stopped') await run.settle();
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
    const allowed = !model.over;
    if (!agree(model, await run.notify(), { allowed, act: 'notify' })) return;
    // One message an address and record.
    if (model.notifiedAt !== null) return;
    model.notifiedAt = model.now;
    const hold = model.answersNow ? 0 : 72;
    const hours = model.submitter.inProbation ? 168 : hold;
    model.holdEnds = hours === 0 ? model.now : due(model.now, hours / 24);
    model.advance(model.now);
  },
  tell: async (run, model, { platform }) => {
    const records = [model, model.derived].filter((one) => one !== null);
    const isOwed = records.some((record) =>
      record.recalls[platform].some(({ state }) => state === 'open'),
    );
    const answer = await run.tell(platform);
    // Recalls that stayed open for too long stop checks; whether they did is compared where they are listed.
    if (typeof answer === 'string') {
      expect([answer.split('/').at(-1), isOwed]).toEqual(['checks-stopped', true]);
      return;
    }
    // Nobody is told of its own record.
    const expected = platform === 'tubely' ? [model] : records;
    const visible = expected.filter((one) => one.state === 'visible');
    expect({ told: answer }).toEqual({ told: visible.length });
    for (const record of visible) record.told.add(platform);
  },
  acknowledge: async (run, model, { platform }) => {
    // With every job stopped nothing says yet what is owed.
    if (run.jobs === 'stopped') return;
    await run.settle();
    const recalls = await run.recallsOf(platform);
    expect(recalls.map(({ kind, state }) => ({ kind, state }))).toEqual(model.recalls[platform]);
    const last = recalls.at(-1);
    const recall = model.recalls[platform].at(-1);
    if (last && recall)
      await acknowledge(run, model, { platform, recall: last.recall, one: recall });
  },
  appeal: async (run, model, { ground }) => {
    const allowed = mayAppeal(model) && !model.closed.some(({ answered }) => answered);
    const answer = await run.appeal({ ground });
    if (agree(model, answer, { allowed, act: `appeal-${ground}` })) open(model, { ground });
  },
  'appeal-with-news': async (run, model) => {
    const answer = await run.appeal({ news: 'Somebody else was convicted.' });
    if (agree(model, answer, { allowed: mayAppeal(model), act: 'appeal-with-news' })) open(model);
  },
  reopen: async (run, model) => {
    const last = model.closed.findLast(({ answered }) => answered);
    const isFirst = last?.outcome === 'dismissed' && !last.reopens && !last.wasReopened;
    const allowed = mayOpen(model) && isFirst;
    if (!agree(model, await run.appeal({ reopen: true }), { allowed, act: 'reopen' })) return;
    last!.wasReopened = true;
    open(model, { reopens: true });
  },
  'withdraw-appeal': async (run, model) => {
    const allowed = model.appeal !== null;
    if (!agree(model, await run.withdrawAppeal(false), { allowed, act: 'withdraw-appeal' })) return;
    // Nobody signed it.
    model.appeal!.openerWithdraws ??= later(model.now, 14 * 24);
    endWhenAllWithdrew(model.appeal!);
  },
  'keep-appeal': async (run, model) => {
    const allowed = model.appeal !== null;
    if (!agree(model, await run.withdrawAppeal(true), { allowed, act: 'keep' })) return;
    model.appeal!.openerWithdraws = null;
    endWhenAllWithdrew(model.appeal!);
  },
  join: async (run, model) => {
    const { appeal } = model;
    const allowed = appeal !== null && appeal.joinedWithdraws === undefined;
    if (!agree(model, await run.join(), { allowed, act: 'join' })) return;
    const keeps = kept(model, 'joined');
    if (keeps) appeal!.keepsUntil = latest(appeal!.keepsUntil, keeps);
    appeal!.joinedWithdraws = null;
    endWhenAllWithdrew(appeal!);
  },
  'withdraw-joined': async (run, model) => {
    const { appeal } = model;
    const allowed = appeal !== null && appeal.joinedWithdraws !== undefined;
    const answer = await run.withdrawJoined();
    if (!agree(model, answer, { allowed, act: 'withdraw-joined' })) return;
    appeal!.joinedWithdraws ??= later(model.now, 14 * 24);
    endWhenAllWithdrew(appeal!);
  },
  answer: async (run, model) => {
    const last = model.appeal?.gists.at(-1);
    const allowed = last !== undefined && !last.answered;
    if (!agree(model, await run.answer(), { allowed, act: 'answer' })) return;
    const withdrew = model.appeal!.joinedWithdraws;
    last!.answered = true;
    last!.heard = !last!.joined || (!!withdrew && withdrew <= model.now);
    renew(model.appeal!, model.now);
  },
  'open-case': async (run, model) => {
    agree(model, await run.openCase(), { allowed: !model.isCaseErased, act: 'open-case' });
  },
  'ask-erasure': async (run, model) => {
    const appeals = !model.over;
    const { appeal } = model;
    const mayAsk = appeal === null ? mayAppeal(model) : !appeal.asksErasure;
    const allowed = appeals ? mayAsk : !model.isCaseErased && model.erasureAskedAt === null;
    if (!agree(model, await run.askErasure(), { allowed, act: 'ask-erasure' })) return;
    if (!appeals) model.erasureAskedAt = model.now;
    else if (appeal === null) open(model, { asksErasure: true });
    else {
      Object.assign(appeal, { asksErasure: true, openerWithdraws: null });
      endWhenAllWithdrew(appeal);
    }
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
  leave: async (run, model) => {
    const { submitter } = model;
    const allowed = submitter.leftAt === null;
    if (agree(model, await run.leave(), { allowed, act: 'leave' })) submitter.leftAt = model.now;
  },
  'record-another': async (run, model) => {
    const allowed = mayRecord(model.submitter);
    agree(model, await run.recordAnother(), { allowed, act: 'record-another' });
  },
  order: async (run, model, { effect }) => {
    const allowed = !model.over && !(effect === 'restrict' && model.suspensions.has('order'));
    if (!agree(model, await run.order(effect), { allowed, act: `order-${effect}` })) return;
    if (effect === 'restrict') model.suspend('order', null);
    else model.end('reversed', 'order');
  },
  ask: async (run, model, { platform }) => {
    const match = run.matchOf(platform);
    const allowed = match !== undefined && !model.over && !model.asked.has(match);
    if (!agree(model, await run.ask(platform), { allowed, act: 'ask' })) return;
    model.asked.add(match!);
    model.question = { answered: false };
  },
  reply: async (run, model) => {
    const allowed = model.question?.answered === false && !model.over;
    if (agree(model, await run.reply(), { allowed, act: 'reply' })) model.question!.answered = true;
  },
  derived: async (run, model) => {
    // A review begins when the fall is written: of one that ended early while jobs were stopped, later.
    if (run.jobs !== 'running' || model.derived || model.over || !model.told.has('tubely')) return;
    const allowed = mayRecord(otherPlatform);
    const { answer, expires } = await run.recordDerived();
    if (!agree(model, answer, { allowed, act: 'derived' })) return;
    const { now } = model;
    const start = { now, expires, noticeDue: now, answersNow: true };
    model.derived = new Model({ ...start, submitter: otherPlatform });
    Object.assign(model.derived, { phase: 'visible', notifiedAt: now, holdEnds: now });
  },
  'confirm-derived': async (run, { derived }) => {
    if (!derived) return;
    const allowed = !derived.over && derived.review !== null;
    if (!agree(derived, await run.confirmDerived(), { allowed, act: 'confirm-derived' })) return;
    derived.review = null;
    derived.lift(['echo-overdue']);
  },
  'withdraw-derived': async (run, { derived }) => {
    if (!derived) return;
    if (
      agree(derived, await run.withdrawDerived(), {
        allowed: !derived.over,
        act: 'withdraw-derived',
      })
    )
      derived.end('withdrawn', 'error');
  },
};

/** Tubely, which records what it was told of before: nothing of it but that is looked at. */
const otherPlatform: ModelSubmitter = {
  inProbation: false,
  speech: [],
  leftAt: null,
};

async function acknowledge(
  run: RegistryRun,
  model: Model,
  recalled: { platform: 'tubely' | 'market'; recall: `rcl_${string}`; one: ModelRecall },
): Promise<void> {
  const { platform, recall, one } = recalled;
  const answer = await run.acknowledge(platform, recall);
  if (agree(model, answer, { allowed: one.state === 'open', act: 'acknowledge' }))
    one.state = 'acknowledged';
}
