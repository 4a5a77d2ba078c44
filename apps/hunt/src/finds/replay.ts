import type { TestRegistry } from '@recourse/testkit';
import { runStep, type Find } from '../history.ts';
import { playedTwice } from '../injection.ts';
import type { Broken } from '../laws/law.ts';
import { optionsLost } from '../laws/one-step.ts';
import { perform, type Act } from '../play.ts';
import { Stage } from '../world/stage.ts';
import type { World } from '../world/start-world.ts';

export type Play = Pick<Find, 'acts' | 'enemies' | 'broken'>;

/** Plays a history anew in the session of branches. @returns the law that its last act breaks */
export async function replay(world: World, play: Play): Promise<Broken | undefined> {
  const begin = async (): Promise<Stage> => new Stage(await world.fresh(), world.seated);
  if (play.broken.law === 'injection') return playedTwice(begin, play);
  const stage = await begin();
  const last = await playAllButLast(stage, play);
  const step = last && {
    stage,
    act: last,
    enemies: new Set(play.enemies),
    session: world.session,
  };
  const done = step && (await runStep(step, { laws: new Set([play.broken.law]) }));
  return done?.broken;
}

/** The same with real commits: what branches alone would show is no find. */
export async function confirm(world: World, play: Play): Promise<boolean> {
  if (play.broken.law === 'one-step') return confirmOneStep(world, play);
  if (play.broken.law === 'injection') return confirmTwice(world, play);
  const registry = await world.committed();
  try {
    const stage = new Stage(registry, world.seated);
    const act = await playAllButLast(stage, play);
    if (!act) return false;
    const step = {
      stage,
      act,
      enemies: new Set(play.enemies),
      session: world.session,
    };
    const done = await runStep(step, { laws: new Set([play.broken.law]) });
    return done?.broken?.kind === play.broken.kind;
  } finally {
    await registry.close();
  }
}

/** Each play has a registry of its own. */
async function confirmTwice(world: World, play: Play): Promise<boolean> {
  const registries: TestRegistry[] = [];
  try {
    const broken = await playedTwice(async () => {
      const registry = await world.committed();
      registries.push(registry);
      return new Stage(registry, world.seated);
    }, play);
    return broken?.kind === play.broken.kind;
  } finally {
    for (const registry of registries) await registry.close();
  }
}

/** With commits nothing is taken back: what is lost is tried in a history without the last act, and in one with it. */
async function confirmOneStep(world: World, play: Play): Promise<boolean> {
  const tried: boolean[] = [];
  for (const isWhole of [false, true]) {
    const registry = await world.committed();
    try {
      const stage = new Stage(registry, world.seated);
      const last = await playAllButLast(stage, play);
      if (!last) return false;
      if (isWhole) await perform(stage, last, new Set(play.enemies));
      tried.push(await optionsLost(stage, play.broken));
    } finally {
      await registry.close();
    }
  }
  return tried[0] === false && tried[1] === true;
}

async function playAllButLast(stage: Stage, { acts, enemies }: Play): Promise<Act | undefined> {
  for (const act of acts.slice(0, -1)) await perform(stage, act, new Set(enemies));
  stage.readings.length = 0;
  return acts.at(-1);
}
