import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import { expect, expectTypeOf, test } from 'vitest';
import { behindReferred, completing, creating, granting } from './ddl.ts';
import { defineTable, oneOf, type RowOf, typed } from './define-table.ts';
import { retentionOf } from './retention.ts';

const long: number = 4;
const row = { why: 'it is there', form: 'clear', life: 'remains' } as const;
const words = { why: 'it says so', form: 'sealed', life: 'texts', goes: 'null' } as const;

const things = defineTable('things', {
  keep: { words, row },
  columns: ({ words, row }) => ({
    id: row.fixed('text primary key references others'),
    kind: row.fixed('text not null', oneOf(['a', 'b'])),
    words: words.changing('bytea'),
    tries: row.changing('integer not null default 0 check (tries is not null)'),
    seq: row.fixed('bigint generated always as identity'),
    until: row.fixed('timestamptz check (until is not null)'),
    facts: row.fixed('jsonb not null', typed<{ readonly n: number }>()),
    first: row.fixed('text', typed<ColumnType<string | null, string, never>>()),
    name: row.fixed(`text not null generated always as (left(id, ${long})) stored`),
  }),
  constraints: ['unique (id, kind)'],
  indexes: { things_of: '(kind)', things_once: 'unique (words) where words is not null' },
  storage: 'with (fillfactor = 50)',
  may: 'delete',
});

const others = defineTable('others', {
  keep: row,
  columns: (row) => ({ id: row.fixed('text primary key') }),
  later: ['add constraint others_of foreign key (id) references things'],
  seed: `(id) values ('one')`,
  may: 'select',
});

test('a table is made with its columns in order, its constraints and its indexes', () => {
  expect(creating(things).map((sql) => sql.replaceAll(/\s+/g, ' '))).toEqual([
    'create table things ( id text primary key references others, ' +
      `kind text not null check (kind in ('a', 'b')), words bytea, ` +
      'tries integer not null default 0 check (tries is not null), ' +
      'seq bigint generated always as identity, until timestamptz check (until is not null), ' +
      'facts jsonb not null, first text, ' +
      'name text not null generated always as (left(id, 4)) stored, unique (id, kind) ) ' +
      'with (fillfactor = 50)',
    'create index things_of on things (kind)',
    'create unique index things_once on things (words) where words is not null',
  ]);
  expect(creating(others).at(-1)).toBe(`insert into others (id) values ('one')`);
  expect(completing(others)).toEqual([
    'alter table others add constraint others_of foreign key (id) references things',
  ]);
});

test('a table is made behind those that it refers to', () => {
  expect(behindReferred([things, others])).toEqual([others, things]);
});

test('the service role changes columns that say so, and deletes or only sees rows of tables that do', () => {
  expect(granting(things, 'servers')).toEqual([
    'grant select, insert, delete on things to servers',
    'grant update (words, tries) on things to servers',
  ]);
  expect(granting(others, 'servers')).toEqual(['grant select on others to servers']);
});

test('each column is kept by the rule that it names', () => {
  const columns = ['id', 'kind', 'tries', 'seq', 'until', 'facts', 'first', 'name'];
  expect(retentionOf(things)).toEqual([
    { table: 'things', columns, ...row },
    { table: 'things', columns: ['words'], ...words },
  ]);
});

test('a row has the types that its SQL says', () => {
  expectTypeOf<RowOf<typeof things>>().toEqualTypeOf<{
    id: string;
    kind: 'a' | 'b';
    words: Uint8Array | null;
    tries: Generated<number>;
    seq: GeneratedAlways<number>;
    until: Date | null;
    facts: { readonly n: number };
    first: ColumnType<string | null, string, never>;
    name: GeneratedAlways<string>;
  }>();
});

test('a column without a rule, an unknown type and an erasure of what outlives its case do not compile', () => {
  const wrong = (): unknown => [
    // @ts-expect-error No rule says how long it is kept.
    defineTable('wrong', { keep: row, columns: () => ({ id: 'text' }) }),
    // @ts-expect-error PostgreSQL has no such type.
    defineTable('wrong', { keep: row, columns: (row) => ({ id: row.fixed('txt') }) }),
    // @ts-expect-error What it holds has to be said.
    defineTable('wrong', { keep: row, columns: (row) => ({ facts: row.fixed('jsonb') }) }),
    // @ts-expect-error An erasure takes nothing that remains.
    defineTable('wrong', { keep: { ...row, goes: 'row' }, columns: () => ({}) }),
  ];
  expect(wrong).toBeInstanceOf(Function);
});
