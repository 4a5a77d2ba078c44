import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rolesPage } from './role-table.ts';

test('docs/roles.md is what the tables of operations say', () => {
  const page = readFileSync(new URL('../docs/roles.md', import.meta.url), 'utf8');
  expect(page).toBe(rolesPage());
});
