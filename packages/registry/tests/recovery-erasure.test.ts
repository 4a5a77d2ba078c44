import { toNumericDate } from '@recourse/protocol';
import { settleDue } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day, newCase, startAppealRegistry, type TestCase } from './appeals-harness.ts';
import { resultOf, subject } from './checks-fixture.ts';
import { keptNow, Search, searchTables } from './needles.ts';
import { acknowledge, recallsOf } from './recalls-fixture.ts';
import { recoveredAfter } from './recovery-fixture.ts';
import { build, problem, withdraw } from './sanctions-harness.ts';

const words = 'It was never my page, ask the host.';
const creator = subject('domain');
let live: TestRegistry;
let dump: TestRegistry;
let cases: Record<'old' | 'asked' | 'partly' | 'reversed' | 'kept', TestCase>;

beforeAll(async () => {
  live = await startAppealRegistry();
  cases = {
    old: await newCase(live, { subjects: [creator] }),
    asked: await newCase(live),
    partly: await newCase(live, { subjects: [subject('email'), subject('domain')] }),
    reversed: await newCase(live),
    kept: await newCase(live),
  };
  await appeal(cases.old);
  await prove(cases.asked, [0, 1, 2, 3]);
  await prove(cases.partly, [0]);
  ({ dump } = await recoveredAfter(live, eraseSome));
}, 120_000);
afterAll(async () => {
  await dump.close();
  await live.close();
});

/** Its identifiers at these places. */
async function prove({ claimant, sanction }: TestCase, positions: number[]): Promise<void> {
  const at = live.now();
  await sql`insert into claimant_ways (claimant, sanction, way, position, at, proven_at)
    select distinct ${claimant}::text, sanction, 'proof', position, ${at}::timestamptz, ${at}::timestamptz
    from subjects where sanction = ${sanction} and position = any(${positions})`.execute(
    live.ownerDb,
  );
}

async function appeal({ key }: TestCase): Promise<void> {
  const input = { key, ground: 'not-me', words, language: 'en' } as const;
  expect((await live.caseCall('case.appeal', input)).status).toBe(200);
}

/** After the copy was made. */
async function eraseSome(): Promise<void> {
  await endAndSettle(cases.old);
  live.advance(185 * day);
  expect((await settleDue(live.services)).failures).toEqual([]);
  await appeal(cases.reversed);
  await endAndSettle(cases.reversed);
  for (const theCase of [cases.asked, cases.partly]) {
    await endAndSettle(theCase);
    const asked = await live.caseCall('case.requestErasure', { key: theCase.key });
    expect(asked.status).toBe(200);
  }
  live.advance(31 * day);
  expect((await settleDue(live.services)).failures).toEqual([]);
}

async function endAndSettle({ sanction }: TestCase): Promise<void> {
  resultOf(await withdraw(live, sanction));
  const { id } = (await recallsOf(live, sanction)).at(-1)!;
  resultOf(await acknowledge(live, id));
  expect((await settleDue(live.services)).failures).toEqual([]);
}

const marks = async ({ sanction }: TestCase): Promise<[boolean, boolean]> => {
  const row = await dump.db
    .selectFrom('sanctions')
    .select(['texts_erased_at as texts', 'erased_at as case'])
    .where('id', '=', sanction)
    .executeTakeFirstOrThrow();
  return [row.texts !== null, row.case !== null];
};

test('what was erased after the copy is erased again, as far as it was', async () => {
  expect(await marks(cases.old)).toEqual([true, true]);
  expect(await marks(cases.asked)).toEqual([true, true]);
  expect(await marks(cases.reversed)).toEqual([true, false]);
  expect(await marks(cases.kept)).toEqual([false, false]);
  expect(await marks(cases.partly)).toEqual([false, false]);
  const left = await dump.db
    .selectFrom('subjects')
    .select('position')
    .where('sanction', '=', cases.partly.sanction)
    .execute();
  expect(left).toEqual([{ position: 1 }]);
});

test('an erased case opens by nothing, and one that was not erased by its key', async () => {
  for (const { key } of [cases.old, cases.asked]) {
    expect((await dump.caseCall('case.open', { code: key })).status).toBe(404);
  }
  for (const { key } of [cases.reversed, cases.kept]) {
    expect((await dump.caseCall('case.open', { code: key })).status).toBe(200);
  }
});

test('nothing of an erased case is in any column of the database that was restored', async () => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from subjects where sanction = ${cases.old.sanction}`.execute(
    dump.db,
  );
  expect(rows[0]!.n).toBe(0);
  const search = new Search([{ kind: 'words', bytes: Buffer.from(words) }, ...(await ofErased())]);
  expect(await searchTables(dump, search)).toEqual([]);
});

/** Codes, keys and tokens of what was erased; of the kept case there is more than nothing. */
async function ofErased() {
  expect((await keptNow(dump)).length).toBeGreaterThan(10);
  return [cases.old, cases.asked].flatMap(({ key, claimant, tokens }) =>
    [key, claimant, ...tokens].map((text) => ({ kind: 'secret', bytes: Buffer.from(text) })),
  );
}

test('the same submitter, subject and reason stay refused', async () => {
  // Of before that end.
  const statement = { incident_from: toNumericDate(dump.now()) - 240 * day };
  const input = await build(dump, { subjects: [creator], statement });
  const again = await dump.call(dump.parties.harbour.service, 'sanctions.submit', input);
  expect(problem(again)).toEqual(['already-decided', 'before-that-end']);
});
