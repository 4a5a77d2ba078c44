import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { DueWork } from './due-work.ts';

function counted(rounds: number[], of: { fails?: boolean } = {}) {
  const state = { runs: [] as string[], inFlight: 0, most: 0, errors: 0 };
  const work = new DueWork({
    everyMs: 5,
    wholeEvery: 3,
    onFailure: () => state.errors++,
    settle: async ({ timersOnly }) => {
      state.runs.push(timersOnly ? 'timers' : 'all');
      state.most = Math.max(state.most, ++state.inFlight);
      await sleep(2);
      state.inFlight--;
      if (of.fails) throw new Error('down');
      return (rounds.shift() ?? 0) > 0;
    },
  });
  return { work, state };
}

test('settles until nothing is found', async () => {
  const { work, state } = counted([1, 1, 1]);
  await work.run();
  expect(state.runs).toHaveLength(4);
});

test('looks at timers each time, and now and then at everything', async () => {
  const { work, state } = counted([]);
  work.start();
  await vi.waitFor(() => expect(state.runs.length).toBeGreaterThan(6));
  await work.stop();
  expect(state.runs.slice(0, 7)).toEqual([
    'all',
    'timers',
    'timers',
    'all',
    'timers',
    'timers',
    'all',
  ]);
});

test('runs never overlap, and whoever asks during one gets the one after it', async () => {
  const { work, state } = counted([1]);
  const first = work.run();
  const during = [work.run(), work.run(), work.run()];
  await Promise.all([first, ...during]);
  expect([state.runs.length, state.most]).toEqual([3, 1]);
  await work.run();
  expect([state.runs.length, state.most]).toEqual([4, 1]);
});

test('a failure is told, and the next run comes all the same', async () => {
  const { work, state } = counted([], { fails: true });
  await work.run();
  work.start();
  await vi.waitFor(() => expect(state.errors).toBeGreaterThan(2));
  await work.stop();
});

test('stopped, it finishes the step in hand and begins no other', async () => {
  const { work, state } = counted([1, 1, 1, 1, 1]);
  work.start();
  await work.stop();
  const { length } = state.runs;
  expect([length, state.inFlight]).toEqual([1, 0]);
  await sleep(30);
  expect(state.runs).toHaveLength(length);
});
