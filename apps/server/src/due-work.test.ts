import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { DueWork } from './due-work.ts';

function counted(rounds: number[], of: { fails?: boolean } = {}) {
  const state = { runs: 0, inFlight: 0, most: 0, errors: 0 };
  const work = new DueWork({
    everyMs: 5,
    onFailure: () => state.errors++,
    settle: async () => {
      state.runs++;
      state.most = Math.max(state.most, ++state.inFlight);
      await sleep(2);
      state.inFlight--;
      if (of.fails) throw new Error('down');
      const again = (rounds.shift() ?? 0) > 0;
      return { again, isWhole: true, failed: new Set([`part ${state.runs}`]) };
    },
  });
  return { work, state };
}

test('settles until nothing remains', async () => {
  const { work, state } = counted([1, 1, 1]);
  const swept = await work.run();
  expect(state.runs).toBe(4);
  expect(swept.isWhole).toBe(true);
  expect([...swept.failed]).toEqual(['part 1', 'part 2', 'part 3', 'part 4']);
});

test('runs never overlap, and whoever asks during one gets the one after it', async () => {
  const { work, state } = counted([1]);
  const first = work.run();
  const during = [work.run(), work.run(), work.run()];
  await Promise.all([first, ...during]);
  expect([state.runs, state.most]).toEqual([3, 1]);
  await work.run();
  expect([state.runs, state.most]).toEqual([4, 1]);
});

test('a failure is told, and the next ring comes all the same', async () => {
  const { work, state } = counted([], { fails: true });
  expect((await work.run()).isWhole).toBe(false);
  work.start();
  await vi.waitFor(() => expect(state.errors).toBeGreaterThan(2));
  await work.stop();
});

test('stopped, it finishes the step in hand and begins no other', async () => {
  const { work, state } = counted([1, 1, 1, 1, 1]);
  work.start();
  await work.stop();
  const { runs } = state;
  expect([runs, state.inFlight]).toEqual([1, 0]);
  await sleep(30);
  expect(state.runs).toBe(runs);
});
