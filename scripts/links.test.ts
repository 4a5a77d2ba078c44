import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { brokenLinks, pagesIn } from './links.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = pagesIn(root);

test('every relative link and anchor of every page leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    brokenLinks(readFileSync(`${root}/${page}`, 'utf8'), page, root).map(
      (target) => `${page}: ${target}`,
    ),
  );
  expect(broken).toEqual([]);
});

test('every page of docs is linked from the README', () => {
  const readme = readFileSync(`${root}/README.md`, 'utf8');
  const docs = pages.filter((page) => page.startsWith('docs/'));
  expect(docs.length).toBeGreaterThan(20);
  expect(docs.filter((page) => !readme.includes(`(${page})`))).toEqual([]);
});

test.each([
  ['a file that is not there', '[x](nowhere.md)', ['nowhere.md']],
  ['a heading that is not there', '# Here\n[x](#there)', ['#there']],
  ['a heading of another page', '[x](appeals.md#nobody)', ['appeals.md#nobody']],
  ['a picture', '![x](nowhere.png)', ['nowhere.png']],
  ['a heading', '# Who pays, and why?\n[x](#who-pays-and-why)', []],
  ['a repeated heading', '# A\n# A\n[x](#a-1)', []],
  ['another page', '[x](appeals.md#creator) [y](../packages) [z](https://x.example/#y)', []],
  ['code', '`[x](nowhere.md)`\n```\n[x](nowhere.md)\n```', []],
])('%s', (_, text, broken) => {
  expect(brokenLinks(text, 'docs/x.md', root)).toEqual(broken);
});

test('every npm script that a page names is there', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = pages.flatMap((page) =>
    [...readFileSync(`${root}/${page}`, 'utf8').matchAll(/npm run ([a-z][a-z:-]*)/g)].map(
      ([, name = '']) => name,
    ),
  );
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
