import { globSync, readFileSync } from 'node:fs';
import { artefactTypes } from '@recourse/protocol';
import { expect, test } from 'vitest';

// What a removed feature leaves behind, and no type misses: texts in every language, and types of signed artefacts.

const root = new URL('..', import.meta.url).pathname;
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const sources = globSync('{packages,apps}/*/src/**/*.{ts,tsx}', { cwd: root }).filter(
  (file) => !/\.test\.tsx?$/.test(file) && file !== 'packages/protocol/src/jws.ts',
);
const said = new Set<string>();
const begun = new Set<string>();
for (const source of sources.map(read)) {
  // Comments quote by backticks.
  for (const [, text = ''] of source.matchAll(/['"]([a-zA-Z][\w.+-]*)['"]/g)) said.add(text);
  for (const [, text = ''] of source.matchAll(/`([a-zA-Z][\w.-]*\.)\$\{/g)) begun.add(text);
}

test('each text is said by a source, by its key or by the beginning of it', () => {
  const english = globSync('packages/texts/src/catalogues/en/*.json', { cwd: root });
  const keys = english.flatMap((file) => Object.keys(JSON.parse(read(file)) as object));
  const isBegun = (key: string): boolean => [...begun].some((part) => key.startsWith(part));
  expect(keys.length).toBeGreaterThan(500);
  expect(keys.filter((key) => !said.has(key) && !isBegun(key))).toEqual([]);
});

test('each type of a signed artefact is said by a source', () => {
  expect(artefactTypes.filter((type) => !said.has(type))).toEqual([]);
});
