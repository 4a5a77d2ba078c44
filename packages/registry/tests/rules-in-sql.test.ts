import { reasonCodes, reasons } from '@recourse/protocol';
import { isBehind } from '@recourse/protocol/review';
import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Db } from '../src/index.ts';

// Rules of the registry that a guard of the database states once more: both say the same.
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

test('when a group is behind', async () => {
  const count = fc.nat({ max: 100 });
  const backlogs = fc.sample(fc.record({ waiting: count, decidedIn30Days: count }), 2000);
  const { rows } = await sql<{ is: boolean }>`
    select is_behind((b -> 'waiting')::int, (b -> 'decidedIn30Days')::int) as is
    from jsonb_array_elements(${JSON.stringify(backlogs)}::text::jsonb) with ordinality as t(b, place)
    order by place`.execute(db);
  expect(rows.map(({ is }) => is)).toEqual(backlogs.map(isBehind));
});

test('how long a record of a reason lives', async () => {
  const { rows } = await sql<{ months: number | null }>`
    select longest_life_months(code) as months
    from jsonb_array_elements_text(${JSON.stringify(reasonCodes)}::text::jsonb) with ordinality as t(code, place)
    order by place`.execute(db);
  expect(rows.map(({ months }) => months)).toEqual(
    reasonCodes.map((code) => reasons[code].longestLifeMonths ?? null),
  );
});
