import { expect, test } from 'vitest';
import { median, quantile } from './statistics.ts';

test('the median of an even number of samples lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

test('a quantile is a sample, by nearest rank', () => {
  const samples = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(quantile(samples, 0.99)).toBe(99);
  expect(quantile(samples, 0.5)).toBe(50);
  expect(quantile([], 0.5)).toBe(0);
});
