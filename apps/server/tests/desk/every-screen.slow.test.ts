import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { flawsInEachLook } from '../browser/axe.ts';
import { DeskHome } from './desk-home.ts';
import { setScene, type Scene } from './scene.ts';
import { screens, show } from './screens.ts';

// A story comes first, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let at: DeskHome;
let scene: Scene;

beforeAll(async () => {
  at = await DeskHome.start();
  scene = await setScene(at);
}, 400_000);
afterAll(() => at?.close());

test.each(screens)(
  '$name has no flaw that axe finds, in light, dark and from right to left, and fits a phone',
  async (screen) => {
    const page = await show(screen, scene);
    expect(await flawsInEachLook(page)).toEqual([]);
  },
);

test('no screen broke its policy or threw, and none asked another origin', () => {
  const desks = [...new Set(Object.values(scene.desks))];
  expect(desks.flatMap(({ complaints }) => complaints)).toEqual([]);
  const asked = desks.flatMap(({ sent }) => sent.map(({ url }) => new URL(url).origin));
  const others = new Set(asked.filter((origin) => origin !== 'null'));
  expect([...others]).toEqual([new URL(at.server.url).origin]);
});
