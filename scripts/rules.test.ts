import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constraintNames, freshDatabase } from '@recourse/testkit';
import { expect, test } from 'vitest';
import { checkRules, type Repository } from './rules/check-rules.ts';
import { ruleChapters } from './rules/index.ts';
import { repositoryAt } from './rules/repository.ts';
import type { Rule } from './rules/rule.ts';
import { rulesPage } from './rules/rules-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const rules = ruleChapters.flatMap((chapter) => chapter.rules);

test('every rule has a test, and everything that it names is there', () => {
  const { untested, problems } = checkRules(ruleChapters, repositoryAt(root));
  expect(untested).toEqual([]);
  expect(problems).toEqual([]);
});

test('a rule that the database holds names what holds it, and the database has it', async () => {
  const database = await freshDatabase();
  const there = await constraintNames(database.ownerUrl);
  await database.drop();
  const named = rules.flatMap(({ constraints = [] }) => constraints);
  expect(named.filter((name) => !there.has(name))).toEqual([]);
});

test('no rule is said twice', () => {
  const said = rules.map(({ rule }) => rule);
  expect(new Set(said).size).toBe(said.length);
});

test('docs/due-process.md is what the rules say', () => {
  const page = readFileSync(new URL('../docs/due-process.md', import.meta.url), 'utf8');
  expect(page).toBe(rulesPage());
});

const repository: Repository = {
  read: (path) => ({ 'a/b.ts': '', 'a/b.test.ts': `test('holds', () => 1); // not this` })[path],
  isNamed: (name) => name === 'holds',
};
const rule: Rule = {
  rule: 'Something holds',
  heldBy: 'code',
  where: ['a/b.ts', 'holds'],
  tests: [{ file: 'a/b.test.ts', title: 'holds' }],
};

test.for<[string, Partial<Rule>, number, number]>([
  ['all of it', {}, 0, 0],
  ['a test that is not there', { tests: [{ file: 'a/b.test.ts', title: 'other' }] }, 1, 1],
  ['words that are no title', { tests: [{ file: 'a/b.test.ts', title: 'not this' }] }, 1, 1],
  ['no title', { tests: [{ file: 'a/b.test.ts', title: '' }] }, 1, 1],
  ['a file that is not there', { tests: [{ file: 'a/c.test.ts', title: 'holds' }] }, 1, 1],
  ['no test', { tests: [] }, 1, 0],
  ['a place that is not there', { where: ['a/c.ts'] }, 0, 1],
  ['a name that is not there', { where: ['lets'] }, 0, 1],
  ['nothing that holds it', { where: [] }, 0, 1],
])('of a rule that names %s', ([, change, untested, problems]) => {
  const checked = checkRules([{ title: 'A', rules: [{ ...rule, ...change }] }], repository);
  expect([checked.untested.length, checked.problems.length]).toEqual([untested, problems]);
});
