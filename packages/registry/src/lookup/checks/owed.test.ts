import { expect, test } from 'vitest';
import { owedCursor, readOwedCursor } from './owed.ts';

const place = {
  toldAt: new Date('2026-03-04T12:00:00.123Z'),
  id: 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0',
} as const;

test('a cursor stands for the place it was made from', () => {
  expect(readOwedCursor(owedCursor(place))).toEqual(place);
});

test.each([
  ['empty', ''],
  ['another kind of id', owedCursor(place).replace('mat_', 'snc_')],
  ['an id of no form', '1-mat_x'],
  ['no time', `-${place.id}`],
  ['a time of no date', `123456789012345-${place.id}`],
  ['something before it', `x${owedCursor(place)}`],
  ['something after it', `${owedCursor(place)}!`],
  ['a second line', `${owedCursor(place)}\n`],
])('a cursor that nobody gave out is none: %s', (_, cursor) => {
  expect(readOwedCursor(cursor)).toBeUndefined();
});
