import { expect, test } from 'vitest';
import { fittingText, isDraftOnly, leftText } from './left-words.ts';

test('what is left is said with what comes after it', () => {
  expect(leftText({ limit: 20, left: 17 })).toBe(
    'Your platform may make 17 records more today. Beyond that a colleague confirms each. Each comes back 24 hours after it was made.',
  );
  expect(leftText({ limit: 20, left: 0 })).toContain('a colleague confirms what you draft');
  expect(leftText({ limit: 60, left: 60, leftInProbation: 1 })).toContain('1 record more today');
  expect(leftText({ limit: 60, left: 60, leftInProbation: 0 })).toContain('are used up');
});

test('a draft is all that is left where a colleague may confirm, and one person may record none', () => {
  expect(isDraftOnly({ limit: 20, left: 0 })).toBe(true);
  expect(isDraftOnly({ limit: 20, left: 1 })).toBe(false);
  expect(isDraftOnly({ limit: 20, left: 0, leftInProbation: 2 })).toBe(true);
  expect(isDraftOnly({ limit: 20, left: 0, leftInProbation: 0 })).toBe(false);
});

test('a file is told before its first row what will become of it', () => {
  expect(fittingText(5, { limit: 20, left: 20 })).toBe('');
  expect(fittingText(50, { limit: 20, left: 17 })).toBe(
    '17 rows fit today. 33 rows become drafts that a colleague confirms.',
  );
  expect(fittingText(50, { limit: 20, left: 17, leftInProbation: 18 })).toBe(
    '17 rows fit today. 1 row becomes a draft that a colleague confirms. 32 rows are refused, since your platform is in probation: send what is left tomorrow.',
  );
});
