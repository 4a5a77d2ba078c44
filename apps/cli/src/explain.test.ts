import { RecourseError } from '@recourse/sdk';
import { expect, test } from 'vitest';
import { explain } from './explain.ts';

test.each([
  [1, 'Retry-After: 1 s.'],
  [119, 'Retry-After: 119 s.'],
  [3_200, 'Retry-After: 3200 s, in 54 minutes.'],
  [86_400, 'Retry-After: 86400 s, in 24 hours.'],
])('a quota that is used up says when to try again: %d s', (retryAfterSeconds, text) => {
  const { code, next } = explain(new RecourseError('quota-exceeded', { retryAfterSeconds }));
  expect(code).toBe('quota-exceeded');
  expect(next.endsWith(text)).toBe(true);
});
