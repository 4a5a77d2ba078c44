import { expect, it } from 'vitest';
import { eachOf } from './each-of.ts';

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
const never = new AbortController().signal;

it('takes every item once, so many at a time', async () => {
  const seen: number[] = [];
  let running = 0;
  let most = 0;
  await eachOf(
    Array.from({ length: 20 }).keys(),
    { concurrency: 3, signal: never },
    async (item) => {
      most = Math.max(most, ++running);
      await tick();
      seen.push(item);
      running -= 1;
    },
  );
  expect([most, seen.toSorted((a, b) => a - b)]).toEqual([3, [...Array(20).keys()]]);
});

it('finishes what was begun and takes nothing more when it is stopped, or when one fails', async () => {
  for (const how of ['stop', 'fail']) {
    const stop = new AbortController();
    const done: number[] = [];
    let closed = false;
    async function* source() {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        closed = true;
      }
    }
    const all = eachOf(source(), { concurrency: 2, signal: stop.signal }, async (item) => {
      await tick();
      if (item === 2 && how === 'fail') throw new Error('fail');
      if (item === 2) stop.abort();
      done.push(item);
    });
    const end = await all.then(
      () => 'stop',
      (error: Error) => error.message,
    );
    expect(end).toBe(how);
    expect(done.length).toBeLessThan(6);
    expect(done).toContain(3);
    expect(closed).toBe(true);
  }
});
