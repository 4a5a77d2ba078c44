import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { retention } from '../src/schema/retention.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const listed = retention.flatMap(({ table, columns }) =>
  columns.map((column) => `${table}.${column}`),
);

/** kysely's own tables of migrations hold names of files. */
const ofMigrator = /^kysely_/;

test('every column of every table is in the table of retention once, and nothing else is', async () => {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema not in ('pg_catalog', 'information_schema')
      -- A view keeps nothing.
      and table_name not in (select table_name from information_schema.views)`.execute(
    registry.ownerDb,
  );
  const there = rows
    .filter(({ table }) => !ofMigrator.test(table))
    .map(({ table, column }) => `${table}.${column}`);
  expect(listed.toSorted()).toEqual(there.toSorted());
});
