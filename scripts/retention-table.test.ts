import { expect, test } from 'vitest';
import { privacyPage, readPrivacyPage } from './retention-table.ts';

test('the inventory in docs/privacy.md is what the table of retention says', () => {
  const page = readPrivacyPage();
  expect(page).toBe(privacyPage(page));
});
