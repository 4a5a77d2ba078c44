import { expect, test } from 'vitest';
import type { CaseCodesTable } from '../schema/cases.ts';
import type { NewRow } from './insert-rows.ts';

const made = { hash: 'h', sanction: 'snc_a', made_at: new Date() };

test('a new row has every column of its table and no other, but for those that come later', () => {
  type Begun = 'position' | 'used_by';
  const whole: NewRow<CaseCodesTable, 'used_by'> = { ...made, position: null };
  const begun: NewRow<CaseCodesTable, Begun> = made;
  // @ts-expect-error -- a column that may be null is forgotten
  const short: NewRow<CaseCodesTable, 'used_by'> = made;
  // @ts-expect-error -- the table has no such column
  const long: NewRow<CaseCodesTable, Begun> = { ...made, colour: 'red' };
  expect([whole, begun, short, long].map((row) => row.hash)).toEqual(['h', 'h', 'h', 'h']);
});
