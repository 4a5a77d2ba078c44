import { expect, test } from 'vitest';
import { bucketLimit } from './intake.rules.ts';

const days = (n: number, each: number): number[] => Array.from({ length: n }, () => each);

test('a submitter without history has 20 submissions a day', () => {
  expect(bucketLimit([])).toBe(20);
  expect(bucketLimit(days(44, 1000))).toBe(20);
});

test('the bucket is three times the daily median of 90 days, idle days included', () => {
  expect(bucketLimit(days(90, 50))).toBe(150);
  expect(bucketLimit([...days(46, 40), ...days(3, 1000)])).toBe(120);
});

test('the median is of the days in their order, and of two in the middle halfway between', () => {
  const counts = Array.from({ length: 91 }, (_, n) => 2 * ((n * 37) % 91));
  expect(bucketLimit(counts)).toBe(3 * 90);
  const upTo60 = Array.from({ length: 60 }, (_, n) => 4 * (((n * 7) % 60) + 1));
  // The 45th and 46th of 90 days, of which 30 were idle: 4 x 15 and 4 x 16.
  expect(bucketLimit(upTo60)).toBe(3 * 62);
});

test('one day of many submissions widens nothing', () => {
  expect(bucketLimit([...days(89, 1), 100_000])).toBe(20);
});
