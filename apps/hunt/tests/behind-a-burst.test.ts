import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Counts } from '../src/draw/counts.ts';
import { Drawer } from '../src/draw/drawer.ts';
import { own } from '../src/laws/own.ts';
import type { Act } from '../src/play.ts';
import { Stage } from '../src/world/stage.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const people = ['victim', 'friend'] as const;

/** Two claimants of one case. */
function staged(): Stage {
  const { market } = registry.parties;
  const stage = new Stage(registry, { newcomer: market, support: market.trust });
  for (const by of people) {
    stage.begin(by);
    stage.make('claimant', { key: by, sanction: 'snc_x', way: 'handed' }, by);
  }
  return stage;
}

const asks = (by: string, id = 'a1'): Act => ({
  id,
  by,
  op: 'case.setContact',
  refs: { claimant: `${by}/claimant/0` },
  literals: { to: 'self' },
});

/** Acts that are drawn while an enemy asks again and again. */
function drawn(stage: Stage, seed: number): Act[] {
  const drawer = new Drawer(stage, { seed, isHonest: false, counts: new Counts() });
  if (!drawer.enemies.has('friend')) return [];
  const acts: Act[] = [];
  for (let n = 0; n < 30; n++) {
    drawer.learn(asks('friend'), { accepted: true, made: [] });
    acts.push(drawer.next(`n${n}`));
  }
  return acts;
}

test('what an enemy did as often as they could, somebody honest does next', () => {
  const stage = staged();
  const behind = [1, 2, 3, 4, 5]
    .map((seed) => drawn(stage, seed))
    .filter(({ length }) => length > 0)
    .map((acts) => acts.some(({ by, op }) => by === 'victim' && op === 'case.setContact'));
  expect(behind.length).toBeGreaterThan(1);
  expect(behind.filter(Boolean).length).toBeGreaterThan(behind.length / 2);
});

test('whoever never asked and is refused as one of too many lost what is theirs', async () => {
  const stage = staged();
  const enemies = new Set(['friend']);
  const refused = (act: Act, code: string) =>
    own({ stage, act, came: { accepted: false, code: `state-conflict/${code}` }, enemies });
  expect(await refused(asks('victim'), 'too-many-codes')).toMatchObject({ kind: 'codes' });
  expect(await refused(asks('friend'), 'too-many-codes')).toBeUndefined();
  const invite = { ...asks('victim'), op: 'case.invite' } as const;
  const kind = 'case.invite spent by others';
  expect(await refused(invite, 'too-many-with-access')).toMatchObject({ kind });
  stage.facts.done.push({ ...invite, at: 0, result: undefined });
  expect(await refused(invite, 'too-many-with-access')).toBeUndefined();
});
