import { expect, it } from 'vitest';
import { Refreshed } from './refreshed.ts';

function counted(): { value: Refreshed<number>; at: { seconds: number } } {
  const at = { seconds: 0 };
  let loads = 0;
  const load = async (): Promise<number> => ++loads;
  const clock = (): Date => new Date(at.seconds * 1000);
  return { at, value: new Refreshed({ load, clock, freshSeconds: 600 }) };
}

it('loads once for all who ask, and again when it is old', async () => {
  const { value, at } = counted();
  expect(await Promise.all([value.get(), value.get()])).toEqual([1, 1]);
  at.seconds = 599;
  expect(await value.get()).toBe(1);
  at.seconds = 600;
  expect(await value.get()).toBe(2);
});

it('does not load for every unknown name that somebody thinks of', async () => {
  const { value, at } = counted();
  await value.get();
  at.seconds = 4;
  expect(await value.get({ anew: true })).toBe(1);
  at.seconds = 5;
  expect(await value.get({ anew: true })).toBe(2);
});
