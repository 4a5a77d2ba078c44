import { expect, test } from 'vitest';
import { Random } from './random.ts';

test('the same seed draws the same', () => {
  const draws = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 5 }, () => random.below(1000));
  };
  expect(draws(7)).toEqual(draws(7));
  expect(draws(7)).not.toEqual(draws(8));
});

test('a chance of none never happens, and of one always', () => {
  const random = new Random(1);
  const some = Array.from({ length: 50 }, (_, n) => n);
  expect([random.some(some, 0), random.some(some, 1)]).toEqual([[], some]);
});
