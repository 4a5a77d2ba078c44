import { expect, test } from 'vitest';
import { isHalfFilled, liftingOf, type LiftingInput } from './lifting.ts';

const file = new File(['They had the wrong account.'], 'complaint.pdf');
const whole: LiftingInput = { at: '2028-03-01T09:00', by: 'court', file };

test('a lifting that is filled in half is not sent, and says so', () => {
  const { by, ...noOne } = whole;
  const { file: _, ...noFile } = whole;
  const halves = [{ ...whole, at: '' }, noOne, noFile, { at: '', by: 'court' as const }];
  expect(by).toBe('court');
  expect(halves.map((half) => [isHalfFilled(half), liftingOf(half)])).toEqual(
    halves.map(() => [true, undefined]),
  );
});

test('a home reversal is withdrawn with its whole lifting, or with none', () => {
  expect([isHalfFilled(whole), isHalfFilled({ at: '' })]).toEqual([false, false]);
  expect(liftingOf(whole)).toMatchObject({ by: 'court', complaint: { from: 'complaint.pdf' } });
  expect(liftingOf({ at: '' })).toBeUndefined();
});
