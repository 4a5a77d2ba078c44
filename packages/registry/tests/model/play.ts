import { expect } from 'vitest';
import type { TestAnswer } from '@recourse/testkit';
import type { Act, Script } from './acts.ts';
import type { Cast, Casting } from './cast.ts';
import { Model } from './model.ts';
import { perform } from './performers.ts';
import { expectSameLives } from '../lives-beside.ts';
import { RegistryRun } from './registry-run.ts';
import type { Platform } from './state.ts';
import type { Wire } from './wire.ts';

const platforms: Platform[] = ['tubely', 'market'];

interface PlayContext {
  readonly script: Script;
  readonly wire: Wire;
  readonly reached: Set<string>;
}

/** Plays one script against registry and model, and compares what both say after every act. */
export async function play(casting: Casting, context: PlayContext): Promise<void> {
  const cast = await casting.for(context.script.kind);
  try {
    await live(casting, cast, context);
  } finally {
    casting.spent(cast);
  }
}

async function live(casting: Casting, cast: Cast, context: PlayContext): Promise<void> {
  const { registry } = casting;
  const { wire, script } = context;
  const { kind, jobs } = script;
  const run = await RegistryRun.start({ registry, submitter: cast.submitter, wire, kind, jobs });
  const model = new Model({
    now: registry.now(),
    expires: run.expiresAt,
    noticeDue: run.noticeDueAt,
    answersNow: kind === 'now',
    submitter: cast.model,
  });
  for (const act of script.acts) {
    if (act.act === 'wait') registry.advance(act.hours * 3600);
    model.advance(registry.now());
    if (act.act === 'wait' && jobs === 'running') {
      await run.settle();
      model.reviewDerived();
    }
    await perform(run, model, act);
    model.reviewDerived();
    await compare(run, model, act);
  }
  for (const step of [...model.done, ...(model.derived?.done ?? [])]) context.reached.add(step);
  await leave(run, model);
  expect(registry.lockUpgrades).toEqual([]);
}

async function compare(run: RegistryRun, model: Model, act: Act | 'leave'): Promise<void> {
  await expectSameLives(run.registry, [run.sanction, ...(run.derived ? [run.derived] : [])]);
  const records = [{ said: await run.read(), expected: model }];
  if (model.derived) records.push({ said: await run.read(run.derived), expected: model.derived });
  for (const { said, expected } of records) {
    expect({ after: act, ...read(said) }).toEqual({ after: act, ...stateOf(expected) });
  }
}

type Read = Awaited<ReturnType<RegistryRun['read']>>;

const read = ({ state, disputed, suspendedFor, cause }: Read) => ({
  state,
  disputed,
  suspendedFor: suspendedFor.toSorted(),
  cause,
});

const stateOf = (model: Model): ReturnType<typeof read> => ({
  state: model.state as Read['state'],
  disputed: model.appeal !== null,
  suspendedFor: model.over ? [] : ([...model.suspensions.keys()].sort() as Read['suspendedFor']),
  cause: model.cause as Read['cause'],
});

/**
 * Everybody who was told got the recalls of the model, in its order; what is to be erased is erased; and the next script
 * finds nothing waiting.
 */
async function leave(run: RegistryRun, model: Model): Promise<void> {
  await settleAll(run, model);
  expect(read((await run.get()).body.result as Read)).toEqual(stateOf(model));
  const records = [{ sanction: run.sanction, of: model }];
  if (model.derived) records.push({ sanction: run.derived!, of: model.derived });
  for (const { sanction, of } of records) {
    for (const platform of platforms) {
      const recalls = await run.recallsOf(platform, sanction);
      expect(recalls.map(({ kind, state }) => ({ kind, state }))).toEqual(of.recalls[platform]);
    }
  }
  await acknowledgeAll(run, model);
  if (model.areTextsErased) await settleAll(run, model);
  model.concedeSpeech();
  if (!model.over) ok(await run.withdraw());
  else if (model.appeal) ok(await run.concede());
  if (model.derived && !model.derived.over) ok(await run.withdrawDerived());
  await acknowledgeAll(run, model);
}

async function settleAll(run: RegistryRun, model: Model): Promise<void> {
  await run.settle();
  model.advance(run.registry.now());
  model.reviewDerived();
  await compare(run, model, 'leave');
  const { erased, wasShown } = await run.read();
  const { areTextsErased: texts, isCaseErased: theCase } = model;
  expect({ erased, wasShown }).toEqual({ erased: { texts, theCase }, wasShown: model.wasShown });
}

async function acknowledgeAll(run: RegistryRun, model: Model): Promise<void> {
  for (const sanction of [run.sanction, run.derived]) {
    if (sanction === undefined) continue;
    for (const platform of platforms) {
      for (const { recall, state } of await run.recallsOf(platform, sanction)) {
        if (state === 'open') ok(await run.acknowledge(platform, recall));
      }
    }
  }
  for (const one of Object.values(model.recalls).flat()) {
    if (one.state === 'open') one.state = 'acknowledged';
  }
}

function ok(answer: TestAnswer): void {
  if (answer.status !== 200) throw new Error(answer.raw.body);
}
