import { expect, test } from 'vitest';
import type { CaseCodesTable } from '../schema/cases.ts';
import type { NewRow } from './insert-rows.ts';

const made = { hash: 'h', sanction: 'snc_a', made_at: new Date() };

test('a new row has every column of its table and no other, but for those that come later', () => {
  const whole: NewRow<CaseCodesTable> = { ...made, position: null };
  const begun: NewRow<CaseCodesTable, 'position'> = made;
  // @ts-expect-error -- a column that may be null is forgotten
  const short: NewRow<CaseCodesTable> = made;
  // @ts-expect-error -- the table has no such column
  const long: NewRow<CaseCodesTable> = { ...made, position: null, colour: 'red' };
  expect([whole, begun, short, long].map((row) => row.hash)).toEqual(['h', 'h', 'h', 'h']);
});
