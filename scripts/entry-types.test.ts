import { readFileSync } from 'node:fs';
import { pairEntryTypes, publicEntryTypes, sanctionEntryTypes } from '@recourse/protocol';
import { expect, test } from 'vitest';

const types = [...sanctionEntryTypes, ...pairEntryTypes, ...publicEntryTypes];
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the page of the ledger lists every type of an entry', () => {
  const table = read('docs/ledger.md').match(
    /^\| (?:of a sanction|of a disclosure|public) \|.*$/gm,
  );
  const listed = (table ?? []).flatMap(
    (row) =>
      row
        .split(' | ')
        .at(-1)
        ?.match(/[a-z-]+/g) ?? [],
  );
  expect(listed.filter((word) => word !== '-').toSorted()).toEqual(types.toSorted());
});

test('the client made from that page knows every type', () => {
  const client = read('docs/examples/verify_ledger.py');
  const known = new Set(client.split('TILE,')[0]?.match(/[a-z]+(?:-[a-z]+)*/g));
  expect(types.filter((type) => !known.has(type))).toEqual([]);
});
