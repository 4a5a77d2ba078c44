import { expect } from 'vitest';
import type { TestAnswer, TestRegistry } from '@recourse/testkit';
import type { Act } from './acts.ts';
import { due, later, Model, type ModelAppeal, type Platform } from './model.ts';
import { RegistryRun } from './registry-run.ts';

const platforms: Platform[] = ['tubely', 'market'];

/** Plays one script against registry and model, and compares what both say after every act. */
export async function play(
  registry: TestRegistry,
  of: { script: readonly Act[]; answersNow: boolean },
): Promise<number> {
  const run = await RegistryRun.start(registry, of.answersNow);
  const model = new Model({
    now: registry.now(),
    expires: run.expiresAt,
    noticeDue: run.noticeDueAt,
    answersNow: of.answersNow,
  });
  for (const act of of.script) {
    if (act.act === 'wait') registry.advance(act.hours * 3600);
    model.advance(registry.now());
    await perform(run, model, act);
    await compare(run, model, act);
  }
  await leave(run, model);
  return of.script.length;
}

async function compare(run: RegistryRun, model: Model, act: Act): Promise<void> {
  const { body } = await run.get();
  model.advance(run.registry.now());
  const { state, disputed, suspendedFor, cause, toldPlatforms } = body.result;
  const said = {
    state,
    disputed,
    suspendedFor: (suspendedFor as string[]).toSorted(),
    cause,
    toldPlatforms,
  };
  const expected = {
    state: model.state,
    disputed: model.appeal !== null,
    suspendedFor: model.over ? [] : [...model.suspensions.keys()].sort(),
    cause: model.cause,
    toldPlatforms: model.told.size,
  };
  expect({ after: act, ...said }).toEqual({ after: act, ...expected });
}

/** Everybody who was told got the recalls of the model, in its order; and the next script finds nothing waiting. */
async function leave(run: RegistryRun, model: Model): Promise<void> {
  await run.settle();
  model.advance(run.registry.now());
  for (const platform of platforms) {
    const recalls = await run.recallsOf(platform);
    expect(recalls.map(({ kind, state }) => ({ kind, state }))).toEqual(model.recalls[platform]);
    for (const { recall, state } of recalls) {
      if (state === 'open') ok(await run.acknowledge(platform, recall));
    }
  }
  if (!model.over) ok(await run.withdraw());
  else if (model.appeal) ok(await run.concede());
  for (const platform of platforms) {
    for (const { recall, state } of await run.recallsOf(platform)) {
      if (state === 'open') ok(await run.acknowledge(platform, recall));
    }
  }
}

function ok(answer: TestAnswer): void {
  if (answer.status !== 200) throw new Error(answer.raw.body);
}

type Performer<A extends Act> = (run: RegistryRun, model: Model, act: A) => Promise<void>;
type Performers = { [K in Act['act']]: Performer<Extract<Act, { act: K }>> };

const perform = (run: RegistryRun, model: Model, act: Act): Promise<void> =>
  (performers[act.act] as Performer<Act>)(run, model, act);

/** The registry does what the model allows, and refuses the rest. */
function agree(answer: TestAnswer, allowed: boolean, act: string): boolean {
  expect({ act, done: answer.status === 200, answer: allowed ? answer.raw.body : '' }).toEqual({
    act,
    done: allowed,
    answer: allowed ? answer.raw.body : '',
  });
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
    if (!agree(await run.notify(), allowed, 'notify')) return;
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
    if (agree(await run.acknowledge(platform, last.recall), one.state === 'open', 'acknowledge')) {
      one.state = 'acknowledged';
    }
  },
  appeal: async (run, model) => {
    const recent = model.closed.some(
      ({ at, answered }) => answered && later(at, 90 * 24) > model.now,
    );
    const succeeded = model.phase === 'reversed' || model.closed.some((one) => one.succeeded);
    const until = due(model.endedAt ?? model.expires, 180);
    const allowed = !model.appeal && !recent && !succeeded && model.now <= until;
    if (!agree(await run.appeal(), allowed, 'appeal')) return;
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
      delivered: false,
      confirmed: false,
      gists: [],
    };
    if (model.phase === 'held' && !model.answersNow) model.visibleFrom = null;
  },
  'withdraw-appeal': async (run, model) => {
    if (!agree(await run.withdrawAppeal(false), model.appeal !== null, 'withdraw')) return;
    model.appeal!.withdraws ??= later(model.now, 72);
  },
  'keep-appeal': async (run, model) => {
    if (agree(await run.withdrawAppeal(true), model.appeal !== null, 'keep'))
      model.appeal!.withdraws = null;
  },
  take: async (run, model) => {
    const { appeal } = model;
    const free = [0, 1, 2].find((one) => !appeal?.used.includes(one) && !model.decided.has(one));
    const allowed = appeal !== null && appeal.reviewer === null && free !== undefined;
    const answer = await run.take(free ?? 0);
    if (!agree(answer, allowed, 'take') || !appeal || free === undefined) return;
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
    if (!agree(await run.recuse(on ?? 0), on !== null, 'recuse') || !appeal) return;
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
    if (!agree(await run.deliver(), allowed, 'deliver') || !appeal) return;
    Object.assign(appeal, { delivered: true, evidenceDue: null, evidenceLapses: null });
    model.lift(['evidence-overdue']);
  },
  confirm: async (run, model) => {
    const { appeal } = model;
    const allowed = appeal !== null && appeal.reviewer !== null && appeal.delivered;
    if (agree(await run.confirm(appeal?.reviewer ?? 0), allowed, 'confirm'))
      appeal!.confirmed = true;
  },
  gist: async (run, model) => {
    const { appeal } = model;
    const on = appeal?.reviewer ?? null;
    if (!agree(await run.gist(on ?? 0), on !== null, 'gist') || !appeal) return;
    appeal.gists.push({ due: due(model.now, 10), answered: false });
    appeal.added = Math.min(14, appeal.added + 10);
    appeal.decisionDue = due(appeal.openedAt, 30 + appeal.added);
    appeal.lapses = due(appeal.decisionDue, 15);
    if (appeal.decisionDue > model.now) model.lift(['decision-overdue']);
  },
  answer: async (run, model) => {
    const last = model.appeal?.gists.at(-1);
    const allowed = last !== undefined && !last.answered;
    if (agree(await run.answer(), allowed, 'answer')) last!.answered = true;
  },
  relieve: async (run, model, { days }) => {
    const on = model.appeal?.reviewer ?? null;
    const until = new Date(Math.floor(later(model.now, 24 * days).getTime() / 1000) * 1000);
    const allowed = on !== null && days <= 14 && !model.over && !model.suspensions.has('relief');
    if (agree(await run.relieve(on ?? 0, until), allowed, 'relieve'))
      model.suspend('relief', until);
  },
  decide: async (run, model, { outcome }) => {
    const { appeal } = model;
    const on = appeal?.reviewer ?? null;
    const allowed = appeal !== null && on !== null && mayDecide(model, appeal, outcome);
    if (!agree(await run.decide(on ?? 0, outcome), allowed, outcome) || !appeal || on === null)
      return;
    model.decided.add(on);
    const isWrong = outcome === 'reversed' || outcome === 'finding';
    if (!isWrong) return model.close({ answered: true, succeeded: false });
    model.closed.push({ at: model.now, answered: true, succeeded: true });
    model.appeal = null;
    if (model.over) model.recall('undo');
    else model.end('reversed', 'error');
  },
  concede: async (run, model) => {
    if (!agree(await run.concede(), model.appeal !== null, 'concede')) return;
    if (!model.over) return model.end('reversed', 'conceded');
    model.closed.push({ at: model.now, answered: false, succeeded: true });
    model.appeal = null;
    model.recall('undo');
  },
  withdraw: async (run, model) => {
    if (!agree(await run.withdraw(), !model.over, 'withdraw')) return;
    if (model.appeal) model.end('reversed', 'conceded');
    else model.end('withdrawn', 'error');
  },
};

/** What a decision needs, and only some of them. */
function mayDecide(model: Model, appeal: ModelAppeal, outcome: string): boolean {
  const gist = appeal.gists.some((one) => one.answered || one.due <= model.now);
  switch (outcome) {
    case 'upheld':
      return appeal.confirmed && gist;
    case 'dismissed':
      return !model.over && model.now <= due(appeal.openedAt, 5);
    case 'reversed':
      return !model.over;
    default:
      return model.over;
  }
}
