import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Db } from '../src/index.ts';

let database: FreshDatabase;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect({ url: database.ownerUrl, connections: 1 });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

/** A body without comments and texts, which may quote anything. */
const bare = (body: string): string =>
  body
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .toLowerCase();

/** Where a statement of PL/pgSQL begins. */
const begin = String.raw`(?:^|;|\b(?:begin|then|else|loop)\b)\s*`;
const writing = [
  /\binsert\s+into\b/,
  /\bupdate\s+(?:only\s+)?[\w.]+(?:\s+(?:as\s+)?\w+)?\s+set\b/,
  /\bdelete\s+from\b/,
  /\bmerge\s+into\b/,
  /\btruncate\b/,
  // What it runs is not to be read here.
  new RegExp(`${begin}execute\\b`),
  new RegExp(`${begin}new(?:\\.\\w+)?\\s*:?=`),
  /\binto\s+(?:strict\s+)?new\b/,
];
const writes = (body: string): boolean => writing.some((form) => form.test(bare(body)));

test.each([
  ['begin new.proof := null; return new; end', true],
  ['begin new.proof = null; return new; end', true],
  ['begin if true then new.proof := 1; end if; return new; end', true],
  ['begin select 1 into new.proof; return new; end', true],
  ['begin insert into ends select new.*; return null; end', true],
  ['begin update appeals a set speech = true; return null; end', true],
  ['begin delete from ends; return null; end', true],
  [`begin execute 'delete from ' || tg_table_name; return null; end`, true],
  ['begin if new.proof = old.proof then return new; end if; return new; end', false],
  ['begin perform from holders for no key update; return new; end', false],
  [`begin raise exception 'insert into it'; -- delete from it\n return new; end`, false],
])('%s', (body, expected) => {
  expect(writes(body)).toBe(expected);
});

interface Routine {
  readonly name: string;
  readonly body: string;
}

/** A function and all that it calls, directly or through others. */
function reached(name: string, bodies: ReadonlyMap<string, string>): Set<string> {
  const found = new Set([name]);
  for (const one of found) {
    for (const [, called = ''] of bare(bodies.get(one)!).matchAll(/\b(\w+)\s*\(/g)) {
      if (bodies.has(called)) found.add(called);
    }
  }
  return found;
}

test('a trigger refuses, and writes nothing', async () => {
  const { rows: routines } = await sql<Routine>`
    select proname as name, string_agg(prosrc, ';') as body from pg_proc
    where pronamespace = 'public'::regnamespace group by 1`.execute(db);
  const bodies = new Map(routines.map(({ name, body }) => [name, body]));
  const { rows: triggers } = await sql<{ run: string; isBefore: boolean }>`
    select distinct p.proname as run, t.tgtype & 2 <> 0 as "isBefore" from pg_trigger t
    join pg_proc p on p.oid = t.tgfoid where not t.tgisinternal order by 1`.execute(db);
  expect(triggers.length).toBeGreaterThan(40);
  const writers = triggers.filter(({ run }) =>
    [...reached(run, bodies)].some((name) => writes(bodies.get(name)!)),
  );
  expect([...new Set(writers.map(({ run }) => run))]).toEqual([]);
  // A row that is not returned would be left out unseen.
  const swallowing = triggers.filter(
    ({ run, isBefore }) => isBefore && /\breturn\s+(?!new\b)/.test(bare(bodies.get(run)!)),
  );
  expect(swallowing).toEqual([]);
});
