import { expect, test } from 'vitest';
import { readRetentionPage, retentionPage } from './retention-table.ts';

test('the inventory in docs/retention.md is what the table of retention says', () => {
  const page = readRetentionPage();
  expect(page).toBe(retentionPage(page));
});
