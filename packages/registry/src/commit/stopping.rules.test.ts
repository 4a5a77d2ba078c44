import { expect, test } from 'vitest';
import { stopsChecksIfDueBefore, stopsChecksIfToldBy } from './stopping.rules.ts';

const now = new Date('2026-06-01T12:00:00Z');

test('a recall stops the checks of its platform fourteen days after its deadline', () => {
  expect(stopsChecksIfDueBefore(now)).toEqual(new Date('2026-05-18T12:00:00Z'));
});

test('an outcome that is owed for 90 days stops the checks of its platform', () => {
  expect(stopsChecksIfToldBy(now)).toEqual(new Date('2026-03-03T12:00:00Z'));
});
