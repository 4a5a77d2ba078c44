import { expect, test } from 'vitest';
import { withRequest } from './current-request.ts';
import { MatchTimes } from './match-times.ts';

function times(random = 0) {
  const clock = { at: 0 };
  const made = new MatchTimes({ smallest: 16, now: () => clock.at, random: () => random });
  return { clock, after: (took: number) => made.leavesAfter(took) };
}

test.each([
  [0, 16, 16],
  [16, 16, 16],
  [16.01, 32, 64],
  [33, 64, 128],
  [1_000, 1_024, 2_048],
])('what took %d ms leaves after %d, or by lot after %d', (took, at, later) => {
  expect([times(0).after(took), times(0.9).after(took)]).toEqual([at, later]);
});

test('on a busy machine quick and slow answers leave at one class, that of the slowest before them', () => {
  const { after } = times();
  after(50);
  expect([after(3), after(20), after(49), after(64)]).toEqual([64, 64, 64, 64]);
});

test('a machine that is quiet again answers early again: after 64 answers, or ten seconds', () => {
  const { clock, after } = times();
  after(50);
  const levels = Array.from({ length: 65 }, () => after(3));
  expect([levels[62], levels[64]]).toEqual([64, 16]);
  after(50);
  clock.at = 10_001;
  expect(after(3)).toBe(16);
});

test('time counts from the arrival of the request, what it waited in queues included', async () => {
  const arrivedAt = performance.now() - 20;
  const made = new MatchTimes({ smallest: 16, random: () => 0 });
  await withRequest({ source: '192.0.2.1', arrivedAt }, () => made.untilClass());
  expect(performance.now() - arrivedAt).toBeGreaterThanOrEqual(32);
});

test('without a smallest class nothing waits', async () => {
  const made = new MatchTimes({ smallest: 0 });
  const begun = performance.now();
  await withRequest({ source: '192.0.2.1', arrivedAt: begun - 900 }, () => made.untilClass());
  expect(performance.now() - begun).toBeLessThan(100);
});
