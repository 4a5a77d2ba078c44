import { expect, test } from 'vitest';
import { isBehind } from './backlog.rules.ts';

test('above 20, and above twice what was decided in 30 d', () => {
  expect(isBehind({ waiting: 20, decidedIn30Days: 0, isAsked: false })).toBe(false);
  expect(isBehind({ waiting: 21, decidedIn30Days: 0, isAsked: false })).toBe(true);
  expect(isBehind({ waiting: 40, decidedIn30Days: 20, isAsked: false })).toBe(false);
  expect(isBehind({ waiting: 41, decidedIn30Days: 20, isAsked: false })).toBe(true);
  expect(isBehind({ waiting: 0, decidedIn30Days: 0, isAsked: true })).toBe(true);
});
