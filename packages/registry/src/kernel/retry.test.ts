import { expect, test } from 'vitest';
import { retrying } from './retry.ts';

const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01' });
const wrapped = Object.assign(new Error('', { cause: deadlock }), {
  code: 'INTERNAL_SERVER_ERROR',
});

/** Fails so often by an error, and then returns how often it ran. */
const failing = (error: Error, times: number) => {
  let runs = 0;
  return async (): Promise<number> => {
    if (++runs <= times) throw error;
    return runs;
  };
};

test('a deadlock is tried again, also where a procedure failed by it', async () => {
  expect(await retrying(failing(deadlock, 2))).toBe(3);
  expect(await retrying(failing(wrapped, 2))).toBe(3);
});

test('what else fails is tried once, and a deadlock five times', async () => {
  await expect(retrying(failing(new Error('another'), 1))).rejects.toThrow('another');
  await expect(retrying(failing(deadlock, 5))).rejects.toThrow('deadlock');
});
