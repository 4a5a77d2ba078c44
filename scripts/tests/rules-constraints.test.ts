import { readFileSync } from 'node:fs';
import { constraintNames, freshDatabase } from '@recourse/testkit';
import { expect, test } from 'vitest';
import { readRules } from '../due-process.ts';

test('the database has every constraint that a rule of docs/due-process.md names', async () => {
  const page = readFileSync(new URL('../../docs/due-process.md', import.meta.url), 'utf8');
  const database = await freshDatabase();
  const there = await constraintNames(database.ownerUrl);
  await database.drop();
  const { chapters } = readRules(page);
  const named = chapters.flatMap(({ rules }) => rules.flatMap((rule) => rule.constraints));
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((name) => !there.has(name))).toEqual([]);
});
