import { expect, test } from 'vitest';
import { isBeyondDeclared } from './declared.rules.ts';

test.each([
  [{ elementsPerDay: 800 }, 100, false],
  [{ elementsPerDay: 801 }, 100, true],
  [{ submissionsPerDay: 100 }, 100, false],
  [{ submissionsPerDay: 101, elementsPerDay: 1 }, 100, true],
  [{ elementsPerDay: 8_000 }, undefined, false],
  [{ elementsPerDay: 8_001 }, undefined, true],
])('%j a day of a platform that declared %s signups: beyond is %s', (limits, declared, beyond) => {
  expect(isBeyondDeclared(limits, declared)).toBe(beyond);
});
