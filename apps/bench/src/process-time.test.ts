import { expect, test } from 'vitest';
import { ticksOf } from './process-time.ts';

test('the time of a process is read behind its name, whatever that holds', () => {
  const stat = '42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 7 5 3 2 20 0 1 0 100 0 0';
  expect(ticksOf(stat)).toBe(17);
  expect(ticksOf('')).toBe(0);
});
