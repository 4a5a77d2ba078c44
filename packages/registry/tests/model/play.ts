import { expect } from 'vitest';
import type { TestAnswer, TestRegistry } from '@recourse/testkit';
import type { Act } from './acts.ts';
import { Model, type Platform } from './model.ts';
import { perform } from './performers.ts';
import { RegistryRun } from './registry-run.ts';

const platforms: Platform[] = ['tubely', 'market'];

/** Plays one script against registry and model, and compares what both say after every act. */
export async function play(
  registry: TestRegistry,
  of: { script: readonly Act[]; answersNow: boolean; reached: Set<string> },
): Promise<void> {
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
    compare(await run.read(), model, act);
  }
  for (const one of model.done) of.reached.add(one);
  await leave(run, model);
}

type Read = Awaited<ReturnType<RegistryRun['read']>>;

function compare(read: Read, model: Model, act: Act | 'get'): void {
  const { state, disputed, suspendedFor, cause, toldPlatforms } = read;
  const said = {
    state,
    disputed,
    suspendedFor: suspendedFor.toSorted(),
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
  compare((await run.get()).body.result, model, 'get');
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
