import { expect, test } from 'vitest';
import { withRequest } from './current-request.ts';
import { MatchTimes } from './match-times.ts';

function times(random = 0) {
  const clock = { at: 0, random };
  const made = new MatchTimes({
    smallest: 16,
    now: () => clock.at,
    random: () => clock.random,
  });
  return { clock, after: (took: number) => made.leavesAfter(took) };
}

test.each([
  [0, 16, 24],
  [16, 16, 24],
  [16.01, 32, 24],
  [24.01, 32, 48],
  [33, 64, 96],
  [1_000, 1_024, 1_536],
])('what took %d ms leaves after %d, or by lot after %d', (took, at, later) => {
  expect([times(0).after(took), times(0.5).after(took)]).toEqual([at, later]);
});

test('on a busy machine quick and slow answers leave at a moment that their own time does not move', () => {
  const { clock, after } = times();
  after(50);
  expect([after(3), after(20), after(49), after(64)]).toEqual([64, 64, 64, 64]);
  clock.random = 0.75;
  expect([after(3), after(20), after(49), after(112)]).toEqual([112, 112, 112, 112]);
});

test('a machine that is quiet again answers early again: after 64 answers, or a minute', () => {
  const { clock, after } = times();
  for (let n = 0; n < 3; n++) after(50);
  const levels = Array.from({ length: 65 }, () => after(3));
  expect([levels[61], levels[64]]).toEqual([64, 16]);
  for (let n = 0; n < 3; n++) after(50);
  expect(after(3)).toBe(64);
  clock.at = 60_001;
  expect(after(3)).toBe(16);
});

test('one stall among many answers delays none of those after it', () => {
  const { after } = times();
  for (let n = 0; n < 40; n++) after(3);
  after(6_000);
  expect([after(3), after(15)]).toEqual([16, 16]);
});

test('time counts from the arrival of the request, what it waited in queues included', async () => {
  const arrivedAt = performance.now() - 20;
  const made = new MatchTimes({ smallest: 16, random: () => 0 });
  await withRequest({ source: '192.0.2.1', arrivedAt }, () => made.untilDrawn());
  expect(performance.now() - arrivedAt).toBeGreaterThanOrEqual(32);
});

test('without a smallest class nothing waits', async () => {
  const made = new MatchTimes({ smallest: 0 });
  const begun = performance.now();
  await withRequest({ source: '192.0.2.1', arrivedAt: begun - 900 }, () => made.untilDrawn());
  expect(performance.now() - begun).toBeLessThan(100);
});
