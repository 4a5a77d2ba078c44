import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import { connect, type Db } from '@recourse/registry';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';

let database: FreshDatabase;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect({ url: database.url, connections: 1 });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const throughPostgres = async (type: string, list: unknown): Promise<unknown> =>
  (await sql<{ list: unknown }>`select ${list}::${sql.raw(type)}[] as list`.execute(db)).rows[0]!
    .list;

test('a list of texts comes back as it was, whatever stands in it', async () => {
  const marks = fc.constantFrom('"', '\\', ',', '{', '}', ' ', '\n', 'NULL', 'null', 'é', 'a');
  const text = fc.array(marks, { maxLength: 5 }).map((parts) => parts.join(''));
  const lists = fc.array(fc.option(text), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(lists, async (list) => {
      expect(await throughPostgres('text', list)).toEqual(list);
    }),
  );
});

test.for([
  ['int', [1, -2, null]],
  ['bigint', [2 ** 53 - 1, 0]],
  ['boolean', ['t', 'f'], [true, false]],
  ['bytea', ['\\x00ff'], [Buffer.from([0, 255])]],
  ['timestamptz', ['2026-01-02T03:04:05.678Z'], [new Date('2026-01-02T03:04:05.678Z')]],
] as const)('so does a list of %s', async ([type, list, read]) => {
  expect(await throughPostgres(type, list)).toEqual(read ?? list);
});

test('a list within a list is refused, not flattened', async () => {
  await expect(throughPostgres('text', [['a'], ['b']])).rejects.toThrow(TypeError);
});
