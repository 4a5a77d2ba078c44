import { describe, expect, test } from 'vitest';
import { takesTwo } from './declared.rules.ts';

describe('bounds beyond what a platform declared take two of the operator', () => {
  test.each([
    [{ elementsPerDay: 800 }, 100, false],
    [{ elementsPerDay: 801 }, 100, true],
    [{ submissionsPerDay: 100 }, 100, false],
    [{ submissionsPerDay: 101, elementsPerDay: 1 }, 100, true],
    [{ elementsPerDay: 8_000 }, undefined, false],
    [{ elementsPerDay: 8_001 }, undefined, true],
  ])('%j a day, declared %s signups: %s', (asked, declared, expected) => {
    expect(takesTwo(asked, { submissionsPerDay: 1, elementsPerDay: 1 }, declared)).toBe(expected);
  });
});

describe('bounds lower than what a platform has take two of the operator', () => {
  test.each([
    [{ elementsPerDay: 0 }, {}, true],
    [{ elementsPerDay: 799 }, {}, true],
    [{ elementsPerDay: 800 }, {}, false],
    [{ elementsPerDay: 4 }, { elementsPerDay: 5 }, true],
    [{ elementsPerDay: 5 }, { elementsPerDay: 5 }, false],
    [{ elementsPerDay: 6 }, { elementsPerDay: 5 }, false],
    [{ elementsPerDay: 6 }, { submissionsPerDay: 7 }, true],
    [{ submissionsPerDay: 100 }, {}, true],
    [{ submissionsPerDay: 100 }, { elementsPerDay: 800 }, true],
    [{ submissionsPerDay: 6 }, { submissionsPerDay: 7 }, true],
    [{ submissionsPerDay: 7 }, { submissionsPerDay: 7 }, false],
    [{ submissionsPerDay: 8 }, { submissionsPerDay: 7 }, false],
    [
      { submissionsPerDay: 8, elementsPerDay: 0 },
      { submissionsPerDay: 7, elementsPerDay: 1 },
      true,
    ],
    [
      { submissionsPerDay: 0, elementsPerDay: 2 },
      { submissionsPerDay: 7, elementsPerDay: 1 },
      true,
    ],
  ])('%j a day, where operators set %j: %s', (asked, had, expected) => {
    expect(takesTwo(asked, had, 100)).toBe(expected);
  });

  test('where a platform declared nothing, that is eight elements of a thousand signups', () => {
    expect(takesTwo({ elementsPerDay: 7_999 }, {})).toBe(true);
    expect(takesTwo({ elementsPerDay: 8_000 }, {})).toBe(false);
  });
});
