import { describe, expect, test } from 'vitest';
import { isNewWork } from './notifying.ts';

describe('new work is', () => {
  test('a rise, while the tab is hidden', () => {
    expect(isNewWork({ before: 0, now: 1, isHidden: true })).toBe(true);
  });

  test.each([
    ['what waited when the desk was opened', { before: undefined, now: 3, isHidden: true }],
    ['as much as before', { before: 3, now: 3, isHidden: true }],
    ['less than before', { before: 3, now: 2, isHidden: true }],
    ['what the person sees arrive', { before: 0, now: 1, isHidden: false }],
    ['a read that has no answer yet', { before: 3, now: undefined, isHidden: true }],
  ])('not %s', (_, look) => {
    expect(isNewWork(look)).toBe(false);
  });
});
