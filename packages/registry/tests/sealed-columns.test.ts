import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeBytes, sealedColumns } from '../src/vault/vault.ts';
import { newCase, startAppealRegistry } from './appeals-harness.ts';
import { sealedNames } from './sealed-swaps.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());

/** Hashes and MACs, calls of the audit, prefixes, lots and published files: bytes that no key of a case has sealed. */
const unsealed = new Set(
  'lookup leaf entry calls root erased_leaf hash owner hashes loss public_key checksum added removed sha256 bytes lot mac budget'.split(
    ' ',
  ),
);

test('every column of bytes is a hash, is published, or is sealed at its place', async () => {
  const { rows } = await sql<{ name: string; column: string }>`
    select table_name || '.' || column_name as name, column_name as column
    from information_schema.columns
    where table_schema = current_schema() and data_type = 'bytea'`.execute(registry.ownerDb);
  const sealed = rows.filter(({ column }) => !unsealed.has(column)).map(({ name }) => name);
  expect(sealed.toSorted()).toEqual(sealedNames.toSorted());
});

test('a place names one row: by the primary key, or a part of it that is enough', async () => {
  const { rows } = await sql<{ table: string; columns: string[] }>`
    select c.conrelid::regclass::text as table, array(
      select a.attname::text from pg_attribute a
      where a.attrelid = c.conrelid and a.attnum = any(c.conkey)) as columns
    from pg_constraint c where c.contype = 'p'`.execute(registry.ownerDb);
  const primary = new Map(rows.map(({ table, columns }) => [table, columns]));
  for (const name of sealedNames) {
    const key = (primary.get(name.split('.')[0]!) ?? []).toSorted();
    // The lookup of a token follows from its place in the record, and its epoch.
    const named = name === 'subjects.sealed' ? key.filter((one) => one !== 'lookup') : key;
    expect([name, [...sealedColumns[name]].toSorted()]).toEqual([name, named]);
  }
});

describe('a sealed value', () => {
  test('that stands elsewhere does not open, and is not shown as what it was not', async () => {
    const { key, sanction } = await newCase(registry);
    const words = 'That was not me.';
    await registry.caseCall('case.appeal', { key, ground: 'not-me', words, language: 'en' });
    expect(await registry.caseCall('case.open', { code: key })).toMatchObject({
      body: { result: { data: { case: { appeals: [{ words }] } } } },
    });
    // One the creator wrote becomes one the submitter wrote.
    await sql`update appeals set response = words, responded_at = opened_at
      where sanction = ${sanction}`.execute(registry.ownerDb);
    expect((await registry.caseCall('case.open', { code: key })).status).toBe(500);
  });

  test('has a place that no other place can be read as', () => {
    const text = (id: string[]): string =>
      Buffer.from(placeBytes({ table: 'a', column: 'b', id })).toString();
    expect(text(['x","y'])).not.toBe(text(['x', 'y']));
    expect(text(['x', 'y'])).toBe('["a","b","x","y"]');
  });
});
