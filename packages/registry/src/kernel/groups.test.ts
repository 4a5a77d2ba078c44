import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Groups } from './groups.ts';

/** Groups as they begin, each of which goes on until it is let go. */
function begun(largest: number) {
  const sizes: number[] = [];
  const ends: (() => void)[] = [];
  const groups = new Groups<number>(largest, (group) => {
    sizes.push(group.length);
    return new Promise((resolve) => ends.push(resolve));
  });
  const add = (count: number): void => {
    for (let n = 0; n < count; n++) groups.add(n);
  };
  return { sizes, add, endFirst: () => ends.shift()?.() };
}

const turns = async (): Promise<void> => {
  for (let n = 0; n < 3; n++) await turn();
};

test('what comes in one turn of the event loop is one group', async () => {
  const { sizes, add } = begun(100);
  add(7);
  await turns();
  expect(sizes).toEqual([7]);
});

test('a lone item waits for no other', async () => {
  const { sizes, add } = begun(100);
  add(1);
  await turns();
  expect(sizes).toEqual([1]);
});

test('one group is under way, and what comes meanwhile is the next', async () => {
  const { sizes, add, endFirst } = begun(5);
  add(7);
  await turns();
  add(1);
  await turns();
  expect(sizes).toEqual([5]);
  endFirst();
  await turns();
  expect(sizes).toEqual([5, 3]);
});
