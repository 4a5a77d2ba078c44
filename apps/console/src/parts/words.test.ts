import { expect, test } from 'vitest';
import { counted } from './words.ts';

test('a number goes with its noun', () => {
  expect([0, 1, 2, 21].map((n) => counted(n, 'case', 'cases'))).toEqual([
    '0 cases',
    '1 case',
    '2 cases',
    '21 cases',
  ]);
});
