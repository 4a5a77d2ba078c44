import { caseKey, newId, toNumericDate } from '@recourse/protocol';
import { settleDue } from '@recourse/registry';
import { newSecret, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { day, newCase, startAppealRegistry, type TestCase } from './appeals-harness.ts';
import { resultOf, subject } from './checks-fixture.ts';
import { Search, searchTables, type Needle } from './needles.ts';
import { build, problem, sqlState, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
}, 60_000);
afterAll(() => registry.close());

const settle = async (): Promise<void> => {
  const { failures } = await settleDue(registry.services);
  expect(failures).toEqual([]);
};

const rowOf = ({ sanction }: TestCase) =>
  registry.db
    .selectFrom('sanctions')
    .selectAll()
    .where('id', '=', sanction)
    .executeTakeFirstOrThrow();

const countKept = async (
  table: 'kept_calls' | 'journals',
  { sanction }: TestCase,
): Promise<number> => {
  const rows = await registry.db
    .selectFrom(table)
    .select('sanction')
    .where('sanction', '=', sanction)
    .execute();
  return rows.length;
};

describe('of a record with several identifiers, a request', () => {
  const key = (theCase: TestCase) => ({ key: theCase.key });

  /** An ended record of two identifiers, with a claimant who proved the first, and one who proved the second. */
  async function ofTwo() {
    const subjects = [subject('email'), subject('domain')];
    const mine = await newCase(registry, { subjects, told: [] });
    const theirs = { ...mine, key: newSecret() };
    await provedBy(mine.claimant, mine.sanction, 0);
    const other = await newClaimant(mine, theirs.key);
    await provedBy(other, mine.sanction, 1);
    await registry.db
      .insertInto('journals')
      .values({
        sanction: mine.sanction,
        holder: registry.parties.harbour.trust.holder,
        version: 0,
        kid: registry.parties.harbour.trust.kid,
        at: registry.now(),
        sealed: Buffer.from('identifiers of both'),
      })
      .execute();
    resultOf(await withdraw(registry, mine.sanction));
    return { mine, theirs: { ...theirs, claimant: other }, subjects };
  }

  const provedBy = (claimant: string, sanction: string, position: number) =>
    sql`insert into claimant_ways (claimant, sanction, way, position, at, proven_at)
      values (${claimant}, ${sanction}, 'proof', ${position}, ${registry.now()}::timestamptz, ${registry.now()}::timestamptz)`.execute(
      registry.ownerDb,
    );

  async function newClaimant({ sanction }: TestCase, secret: string): Promise<string> {
    const id = newId('clm', { now: registry.now(), random: (size) => randomBytes(size) });
    await sql`insert into claimants (id, sanction, secret, kind, since)
      values (${id}, ${sanction}, ${caseKey(secret)}, 'self', ${registry.now()}::timestamptz)`.execute(
      registry.ownerDb,
    );
    return id;
  }

  const leftOf = async ({ sanction }: TestCase): Promise<number[]> => {
    const rows = await registry.db
      .selectFrom('subjects')
      .select('position')
      .where('sanction', '=', sanction)
      .orderBy('position')
      .execute();
    return rows.map(({ position }) => position);
  };
  /** What the database has of one identifier. */
  async function needlesOf({ sanction }: TestCase, position: number): Promise<Needle[]> {
    const rows = await registry.db
      .selectFrom('subjects')
      .select(['lookup', 'sealed'])
      .where('sanction', '=', sanction)
      .where('position', '=', position)
      .execute();
    return rows.flatMap(({ lookup, sealed }) =>
      [lookup, sealed].map((bytes) => ({ kind: 'of the subject', bytes: Buffer.from(bytes) })),
    );
  }
  const viewBy = async (theCase: TestCase) =>
    (await registry.caseCall('case.open', { code: theCase.key })).body.result.data.case;

  test('erases what its claimant proved, and tells everybody on the case', async () => {
    const { mine, theirs, subjects } = await ofTwo();
    expect((await registry.caseCall('case.requestErasure', key(mine))).status).toBe(200);
    expect((await viewBy(theirs)).erasures).toMatchObject([{ own: false, signed: false }]);
    const [gone, stays] = [await needlesOf(mine, 0), await needlesOf(mine, 1)];
    expect((await searchTables(registry, new Search(gone))).length).toBeGreaterThan(0);
    registry.advance(31 * day);
    await settle();
    expect(await searchTables(registry, new Search(gone))).toEqual([]);
    expect((await searchTables(registry, new Search(stays))).length).toBeGreaterThan(0);
    expect(await leftOf(mine)).toEqual([1]);
    for (const table of ['kept_calls', 'journals'] as const)
      expect(await countKept(table, mine)).toBe(0);
    const { history, facts } = await viewBy(theirs);
    expect(history.at(-1).event).toBe('subject-erased');
    expect(facts.subjects).toEqual(['domain']);
    // What bars the platform from recording it again outlives it.
    const statement = { incident_from: toNumericDate(registry.now()) - 60 * day };
    const input = await build(registry, { subjects: [subjects[0]!], statement });
    const again = await registry.call(registry.parties.harbour.service, 'sanctions.submit', input);
    expect(problem(again)[0]).toBe('already-decided');
  });

  test('erases the rest with the last of them', async () => {
    const { mine, theirs } = await ofTwo();
    for (const theCase of [mine, theirs])
      await registry.caseCall('case.requestErasure', key(theCase));
    registry.advance(31 * day);
    expect((await registry.caseCall('case.open', { code: mine.key })).status).toBe(404);
    await settle();
    expect((await rowOf(mine)).erased_at).not.toBeNull();
    const [request] = await registry.db
      .selectFrom('erasure_requests')
      .selectAll()
      .where('sanction', '=', mine.sanction)
      .execute();
    expect(request).toMatchObject({ claimant: null, act: null });
  });

  test('leaves the letter of a reversed record to who proved another identifier', async () => {
    const { mine, theirs } = await ofTwo();
    await sql`select take_texts(${mine.sanction}, ${registry.now()})`.execute(registry.ownerDb);
    await registry.caseCall('case.requestErasure', key(theirs));
    registry.advance(31 * day);
    await settle();
    expect((await registry.caseCall('case.letter', { key: mine.key })).status).toBe(200);
  });

  test('is taken back by its claimant, and then erases nothing', async () => {
    const { mine } = await ofTwo();
    await registry.caseCall('case.requestErasure', key(mine));
    registry.advance(29 * day);
    const answer = await registry.caseCall('case.requestErasure', { ...key(mine), keep: true });
    expect(answer.status).toBe(200);
    registry.advance(3 * day);
    await settle();
    expect(await leftOf(mine)).toEqual([0, 1]);
    expect((await viewBy(mine)).erasures).toEqual([]);
  });

  test('is refused of who proved nothing', async () => {
    const theCase = await newCase(registry, { told: [] });
    resultOf(await withdraw(registry, theCase.sanction));
    const answer = await registry.caseCall('case.requestErasure', key(theCase));
    expect(problem(answer)).toEqual(['state-conflict', 'nothing-proved']);
  });

  test('erases nothing else, nor sooner, whoever calls the function', async () => {
    const { mine } = await ofTwo();
    const erase = (position: number) =>
      sqlState(
        sql`select erase_subject(${mine.sanction}, ${position}, ${registry.now()})`.execute(
          registry.db,
        ),
      );
    expect(await erase(0)).toBe('23514');
    await registry.caseCall('case.requestErasure', key(mine));
    registry.advance(29 * day);
    expect(await erase(0)).toBe('23514');
    registry.advance(2 * day);
    expect(await erase(1)).toBe('23514');
    const back = sql`update erasure_requests set at = at - interval '1 day'`;
    expect(await sqlState(back.execute(registry.db))).toBe('42501');
  });
});
