import { globSync, readFileSync } from 'node:fs';
import { pairEntryTypes, publicEntryTypes, sanctionEntryTypes } from '@recourse/protocol';
import { expect, test } from 'vitest';

const types = [...sanctionEntryTypes, ...pairEntryTypes, ...publicEntryTypes];
const root = new URL('..', import.meta.url).pathname;
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** Types that the files of a reader name, as text or as the key of an object. */
function unread(folder: string): string[] {
  const files = globSync(`packages/registry/src/readers/${folder}/*.ts`, { cwd: root });
  const text = files
    .filter((file) => !file.endsWith('.test.ts'))
    .map(read)
    .join('\n');
  return types.filter((type) => !new RegExp(`'${type}'|^ +${type}[:,]`, 'm').test(text));
}

test('the client made from the page of the ledger knows every type', () => {
  const client = read('docs/examples/verify_ledger.py');
  const known = new Set(client.split('TILE,')[0]?.match(/[a-z]+(?:-[a-z]+)*/g));
  expect(types.filter((type) => !known.has(type))).toEqual([]);
});

test('the doctor knows which row each type speaks of', () => {
  expect(unread('{entries,doctor}')).toEqual([]);
});

test('a recovery does something about each type, but for these', () => {
  expect(unread('recovery')).toEqual([
    // The new tokens stand in no entry: platforms give them again.
    'sanction-retokenised',
    // May be done again.
    'appeal-withdrawal',
    // What a reviewer did is in no entry. docs/recovery.md says what becomes of the appeal.
    'claim',
    'recused',
    'evidence-delivered',
    'evidence-disputed',
    'dispute-settled',
    'relief',
    'panel-asked',
    'panel-answered',
    // The registry has its own keys outside of the database.
    'registry-key',
    // Proposed again.
    'party-proposed',
  ]);
});
