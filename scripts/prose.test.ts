import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { docstringSentences, publicFiles, undocumented } from './prose/docstrings.ts';
import { faultsOf, pagesOf, proseOf } from './prose/pages.ts';
import { longLinesOf, MAX_WORDS, sentencesOf } from './prose/sentences.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const all = proseOf(root);

test('no sentence has more than 30 words, and no line of prose more than 120 columns', () => {
  const found = all.flatMap((prose) =>
    faultsOf(prose).map(({ line, text }) => `${prose.path}:${line} ${text}`),
  );
  expect(found).toEqual([]);
});

test('pages, the READMEs of all packages, and public docstrings are read', () => {
  const pages = pagesOf(root);
  expect(pages).toEqual(
    expect.arrayContaining([
      'README.md',
      'SECURITY.md',
      'docs/privacy.md',
      'packages/sdk/README.md',
    ]),
  );
  expect(pages.filter((path) => /node_modules|templates/.test(path))).toEqual([]);
  expect(all.map(({ path }) => path)).toContain('packages/protocol/src/panel.ts');
  expect(all.flatMap(({ sentences }) => sentences).length).toBeGreaterThan(3000);
});

test('the command reads every page that it is given', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'recourse-prose-'));
  mkdirSync(join(cwd, 'docs'));
  writeFileSync(join(cwd, 'README.md'), 'Short.\n');
  writeFileSync(join(cwd, 'docs/long.md'), `${'word '.repeat(MAX_WORDS)}and more.\n`);
  const prose = (...pages: string[]) =>
    spawnSync(process.execPath, [join(root, 'scripts/prose.ts'), ...pages], {
      cwd,
      encoding: 'utf8',
    });
  const { status, stdout } = prose('README.md', 'docs/long.md');
  expect([status, stdout]).toEqual([1, expect.stringContaining('docs/long.md:1  32 words')]);
  expect(prose('README.md', 'docs/none.md').stderr).toContain('docs/none.md is no page');
  expect(prose('README.md').status).toBe(0);
});

test('every export of the SDK, and every member of it, has a docstring for editors', () => {
  const files = [...publicFiles(root)].filter(([path]) => path.startsWith('packages/sdk/'));
  expect(files.length).toBeGreaterThan(40);
  const bare = files.flatMap(([path, names]) =>
    undocumented(join(root, path), names).map((name) => `${path} ${name}`),
  );
  expect(bare).toEqual([]);
});

test('a type without a docstring is told, and so are members, also of a base that is not exported', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'recourse-docstrings-')), 'a.ts');
  writeFileSync(
    path,
    `interface Base { a: string }
/** B. */
export interface B extends Base {
  /** c */
  c: string
  d: string
}
export type E = { f: string } & (Base | {
  /** g */
  g: 1
});
export const h = 1;
const inside = 2;
/** I. */
export class I {
  #private = 1;
  constructor() {}
  /** j */
  j(): void {}
}`,
  );
  expect(undocumented(path)).toEqual(['B.d', 'B.a', 'E', 'E.f', 'E.a', 'h', 'I.Constructor']);
});

const words = (count: number): string => Array(count).fill('word').join(' ');
const longest = (page: string): number => Math.max(0, ...sentencesOf(page).map((s) => s.words));

test.each([
  ['a paragraph', `${words(MAX_WORDS + 1)}.`],
  ['two lines of a paragraph', `${words(MAX_WORDS)}\nword.`],
  ['an item of a list', `- ${words(MAX_WORDS + 1)}`],
  ['an item in an item', `- A.\n  - ${words(MAX_WORDS + 1)}`],
  ['a quote', `> ${words(MAX_WORDS + 1)}`],
  ['a colon and semicolons', `${words(16)}: ${words(8)}; ${words(8)}.`],
  ['an abbreviation', `${words(16)}, e.g. ${words(16)}.`],
  ['a link', `${words(MAX_WORDS)} [word](https://host.example).`],
  ['emphasis', `${words(MAX_WORDS)} **word**.`],
  ['inline code', `${words(MAX_WORDS)} \`a b\`.`],
])('words in %s count', (_, page) => {
  expect(longest(page)).toBeGreaterThan(MAX_WORDS);
});

test.each([
  ['a heading', `# ${words(40)}`],
  ['a row of a table', `| a |\n|---|\n| ${words(40)} |`],
  ['a block of code', `    ${words(40)}`],
  ['a fence', `\`\`\`\n${words(40)}\n\`\`\``],
  ['a comment', `<!-- ${words(40)} -->`],
  ['a generated part', `<!-- Written by x.ts: a -->\n\n${words(40)}\n\n<!-- end -->`],
  ['inline code', `${words(20)} \`${words(40)}\`.`],
  ['the address of a link', `${words(20)} [word](https://host.example/${'a'.repeat(200)}).`],
  ['two sentences', `Word ${words(20)}. Word ${words(20)}.`],
  ['a sentence that begins with a number', `${words(20)}. 8 ${words(20)}.`],
  ['a sentence in a parenthesis', `${words(20)}. (word ${words(20)}.)`],
  ['a sentence that begins with code', `${words(20)}. \`a\` ${words(20)}.`],
  ['two items of a list', `- ${words(20)}\n- ${words(20)}`],
])('%s holds no long sentence', (_, page) => {
  expect(longest(page)).toBeLessThanOrEqual(MAX_WORDS);
});

test('a sentence is told with its line', () => {
  const page = `# Title\n\n- a\n\n  One.\n- b\n\n  Two is\n  here. Three\n  is.\n\n> Four.\n`;
  const lines = sentencesOf(page).map(({ line, text }) => `${line} ${text}`);
  expect(lines).toEqual(['3 a', '5 One.', '6 b', '8 Two is here.', '9 Three is.', '12 Four.']);
});

test('a long line of prose is told, but not for an address, in a table or in code', () => {
  const long = 'a '.repeat(70);
  const address = `https://host.example/${'a'.repeat(200)}`;
  const page = `${long}\n\n- ${long}\n\n[a](${address})\n\n    ${long}\n\n| a |\n|---|\n| ${long} |\n`;
  expect(longLinesOf(page)).toEqual([1, 3]);
});

test('a docstring is read without its stars, its tags apart, and its example is code', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'prose-')), 'a.ts');
  const source = `/**
 * One
 * two. Three {@link four five}.
 * @param a Six.
 * @example
 * const seven = 1;
 * @throws Eight.
 */
export function a() {}
/** Nine. */
function b() {}
export interface C {
  /** Ten. */
  readonly d: 1;
}
`;
  writeFileSync(path, source);
  const texts = docstringSentences(path).map(({ line, text }) => `${line} ${text}`);
  expect(texts).toEqual(['2 One two.', '3 Three Code.', '4 a Six.', '7 Eight.', '13 Ten.']);
  expect(docstringSentences(path, new Set(['a'])).at(-1)?.text).toBe('Eight.');
});
