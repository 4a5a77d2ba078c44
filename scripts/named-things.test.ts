import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missingIn, namedIn } from './named-things.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Pages that lawyers, creators and new contributors rely on. */
const pages = [
  'docs/governance.md',
  'docs/privacy.md',
  'docs/retention.md',
  'docs/hostile-plays.md',
  'docs/dsa.md',
  'docs/transparency.md',
  'docs/templates/joint-controllers.md',
  'ARCHITECTURE.md',
  ...globSync('packages/registry/src/*/README.md', { cwd: root }).toSorted(),
];

test.each(pages)('everything that %s names is there', (page) => {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
  expect(missingIn(text, page, root)).toEqual([]);
});

test('pages name enough for that to say something', () => {
  const [governance = '', privacy = ''] = pages.map((page) =>
    readFileSync(new URL(`../${page}`, import.meta.url), 'utf8'),
  );
  expect(namedIn(governance, 'docs/governance.md').operations.length).toBeGreaterThan(20);
  expect(namedIn(privacy, 'docs/privacy.md').files.length).toBeGreaterThan(15);
  expect(namedIn(governance, 'docs/governance.md').tests.length).toBeGreaterThan(4);
});

test.each([
  ['a link', '[x](nowhere.md)', 'docs/nowhere.md'],
  ['a file', '`packages/registry/src/nothing.ts`', 'packages/registry/src/nothing.ts'],
  ['a test', '`scripts/edges.test.ts` "x"', 'scripts/edges.test.ts'],
  ['a title', '(`scripts/rules.test.ts` "no such title")', 'scripts/rules.test.ts "no such title"'],
  [
    'a title after a link',
    '[rules](../scripts/rules.test.ts) "no such\ntitle"',
    'scripts/rules.test.ts "no such title"',
  ],
  ['an operation', '`sanctions.forge`', 'sanctions.forge'],
  ['a page', '`/nowhere`', '/nowhere'],
  ['a command', '`recourse forge`', 'recourse forge'],
  ['a part of a command', '`recourse parties forge`', 'recourse parties forge'],
  ['a name', '`forgesRecords`', 'forgesRecords'],
])('%s that is not there is told', (_, text, missing) => {
  expect(missingIn(text, 'docs/x.md', root)).toContain(missing);
});

test('what is there is not', () => {
  const text =
    'See [privacy](privacy.md), `case.open`, `/case/find`, `recourse parties object`, `isAskedAt` and `scripts/named-things.test.ts` "what is there is not".';
  expect(missingIn(text, 'docs/x.md', root)).toEqual([]);
});
