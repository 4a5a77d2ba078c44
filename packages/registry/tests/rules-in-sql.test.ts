import { panelRules, reasonCodes, reasons } from '@recourse/protocol';
import { isBehind } from '@recourse/protocol/review';
import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Db } from '../src/index.ts';
import { majorityOf, struckBy } from '../src/panel/majority.rules.ts';
import { expiryOf, reasonOf } from '../src/records/record.ts';
import { expiryInSql, reasonInSql } from '../src/records/store.ts';

// Rules of the registry that SQL states once more: both say the same.
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
  const backlogs = fc.sample(
    fc.record({ waiting: count, decidedIn30Days: count, isAsked: fc.boolean() }),
    2000,
  );
  const { rows } = await sql<{ is: boolean }>`
    select is_behind((b -> 'waiting')::int, (b -> 'decidedIn30Days')::int,
      (b -> 'isAsked')::boolean) as is
    from jsonb_array_elements(${JSON.stringify(backlogs)}::text::jsonb) with ordinality as t(b, place)
    order by place`.execute(db);
  expect(rows.map(({ is }) => is)).toEqual(backlogs.map(isBehind));
});

test('why a record stands and when it expires, amended or not', async () => {
  const reason = fc.constantFrom(...reasonCodes);
  const instant = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true });
  const records = fc.sample(
    fc.record({
      reason,
      amended_reason: fc.option(reason),
      expires_at: instant,
      amended_until: fc.option(instant),
    }),
    500,
  );
  const { rows } = await sql<{ reason: string; expiry: Date }>`
    select ${sql.raw(reasonInSql)} as reason, ${sql.raw(expiryInSql)} as expiry
    from rows from (jsonb_to_recordset(${JSON.stringify(records)}::text::jsonb) as
      (reason text, amended_reason text, expires_at timestamptz, amended_until timestamptz))
      with ordinality as s(reason, amended_reason, expires_at, amended_until, place)
    order by place`.execute(db);
  expect(rows).toEqual(
    records.map((record) => ({ reason: reasonOf(record), expiry: expiryOf(record) })),
  );
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

test('which cases a majority of all votes strikes', async () => {
  const { votes: needed } = panelRules.strikes;
  const named = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
  const histories = fc.sample(fc.array(named, { maxLength: needed }), 1000);
  const items = histories.map((votes, place) => ({
    id: String(place).padStart(4, '0'),
    votes: needed,
    closed_by: votes.length < needed ? 'deadline' : 'votes',
    outcome: majorityOf(
      'strikes',
      votes.map(({ length }) => (length > 0 ? 'strike' : 'keep')),
    ),
  }));
  const votes = histories.flatMap((all, place) =>
    all.map((strikes, holder) => ({ item: items[place]!.id, holder: String(holder), strikes })),
  );
  // Stand before the tables of that name: histories of votes alone, without the cases that they name.
  await sql`create temp table panel_items as
    select *, 'strikes' as kind, now() as closed_at from jsonb_to_recordset(${JSON.stringify(items)}::text::jsonb)
      as i(id text, votes integer, closed_by text, outcome text)`.execute(db);
  await sql`create temp table panel_votes as
    select * from jsonb_to_recordset(${JSON.stringify(votes)}::text::jsonb)
      as v(item text, holder text, strikes text[])`.execute(db);
  const { rows } = await sql<{ item: string; id: string }>`
    select item, id from struck_cases('infinity') order by item, id`.execute(db);
  await sql`drop table panel_items, panel_votes`.execute(db);
  const struck = histories.flatMap((all, place) =>
    struckBy('strikes', all)
      .toSorted()
      .map((id) => ({ item: items[place]!.id, id })),
  );
  expect(struck.length).toBeGreaterThan(100);
  expect(rows).toEqual(struck);
});
