import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DueWork } from './due-work.ts';

function counted(rounds: number[], options: { fails?: boolean } = {}) {
  const state = { runs: 0, inFlight: 0, most: 0, errors: 0, slow: 0 };
  const work = new DueWork({
    everyMs: 5,
    onSlow: () => state.slow++,
    onFailure: () => state.errors++,
    settle: async () => {
      state.runs++;
      state.most = Math.max(state.most, ++state.inFlight);
      await sleep(2);
      state.inFlight--;
      if (options.fails) throw new Error('down');
      return (rounds.shift() ?? 0) > 0;
    },
  });
  return { work, state };
}

test('settles until nothing is found', async () => {
  const { work, state } = counted([1, 1, 1]);
  await work.run();
  expect(state.runs).toBe(4);
});

test('runs again and again, and says when a run ended last', async () => {
  const { work, state } = counted([]);
  work.start();
  await expect.poll(() => state.runs).toBeGreaterThan(6);
  await work.stop();
  expect(work.age).toBeLessThan(60);
});

test('a run of which a part takes more than a minute is told, and goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const part = Promise.withResolvers<boolean>();
  const ages: number[] = [];
  const work = new DueWork({
    everyMs: 5,
    settle: () => part.promise,
    onSlow: () => ages.push(work.age),
    onFailure: () => undefined,
  });
  const run = work.run();
  await vi.advanceTimersByTimeAsync(61_000);
  expect([ages, Math.round(work.age)]).toEqual([[60], 61]);
  part.resolve(false);
  await run;
  expect(work.age).toBe(0);
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

test('a failure is told, and the next run comes all the same', async () => {
  const { work, state } = counted([], { fails: true });
  await work.run();
  work.start();
  await expect.poll(() => state.errors).toBeGreaterThan(2);
  await work.stop();
});

test('stopped, it finishes the step in hand and begins no other', async () => {
  const { work, state } = counted([1, 1, 1, 1, 1]);
  work.start();
  await work.stop();
  expect([state.runs, state.inFlight]).toEqual([1, 0]);
  await sleep(30);
  expect(state.runs).toBe(1);
});
