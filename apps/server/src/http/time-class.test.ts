import { expect, test } from 'vitest';
import { timeClass, untilTimeClass } from './time-class.ts';

test.each([
  [0, 16],
  [16, 16],
  [16.01, 32],
  [33, 64],
  [1_000, 1_024],
])('what took %d ms leaves after %d', (took, at) => {
  expect(timeClass(took, 16)).toBe(at);
});

test('without a smallest class nothing waits', async () => {
  const begun = performance.now() - 20;
  await untilTimeClass(begun, 0);
  await untilTimeClass(begun, 16);
  expect(performance.now() - begun).toBeGreaterThan(30);
});
