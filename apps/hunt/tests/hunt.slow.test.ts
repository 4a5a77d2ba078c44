import { afterAll, beforeAll, expect, test } from 'vitest';
import { hunt } from '../src/hunt.ts';
import { lawNames } from '../src/laws/law.ts';
import { startWorld, type World } from '../src/world/start-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld(0);
});
afterAll(() => world.close());

const brokenIn = async (options: {
  acts: number;
  isHonest: boolean;
}): Promise<readonly string[]> => {
  const { caught, covered } = await hunt(world, {
    seed: 1,
    laws: new Set(lawNames),
    isHonest: options.isHonest,
    isOver: (acts) => acts >= options.acts,
    onProgress: () => {},
  });
  expect(covered.length).toBeGreaterThan(4);
  return caught.map(({ test: printed }) => printed);
};

// Two minutes on two busy processors. A night draws for half an hour: npm run nightly.
const longest = { timeout: 900_000 };

test('honest histories break no law: one that they break is wrong', longest, async () => {
  expect(await brokenIn({ acts: 120, isHonest: true })).toEqual([]);
});

test('enemies break no law in the acts of a fixed seed', longest, async () => {
  expect(await brokenIn({ acts: 600, isHonest: false })).toEqual([]);
});
