import { evidenceClasses, reasonCodes, type EvidenceClass } from '@recourse/protocol';
import { testId, type TestRegistry } from '@recourse/testkit';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../src/kernel/database.ts';
import { proofOf } from '../src/submissions/recording.ts';
import { appealCase, newCase, startAppealRegistry } from './appeals-harness.ts';
import { answeredOrWaiting, paused } from './paused-transaction.ts';
import { sqlState, submit } from './sanctions-harness.ts';

// What a record commits to and rests on, and how long its evidence is kept.
let registry: TestRegistry;
let model: string;
beforeAll(async () => {
  registry = await startAppealRegistry();
  ({ id: model } = await submit(registry));
});
afterAll(() => registry.close());

test('the database hashes what a record rests on as the registry does', async () => {
  const classes = Object.keys(evidenceClasses) as EvidenceClass[];
  const item = fc.record({
    class: fc.constantFrom(...classes),
    // Few, so that some come twice; each of another case, as a collation would order them otherwise.
    commitment: fc.constantFrom('a', 'B', 'b', '_', '-', '0', 'Zz', 'zZ'),
  });
  const statement = fc.record({
    reason: fc.constantFrom(...reasonCodes),
    evidence: fc.array(item, { maxLength: 8 }),
  });
  const statements = fc.sample(statement, { numRuns: 2000 });
  const { rows } = await sql<{ proof: string | null }>`
    select proof_of(s ->> 'reason', s -> 'evidence') as proof
    from jsonb_array_elements(${JSON.stringify(statements)}::text::jsonb) with ordinality as t(s, place)
    order by place`.execute(registry.db);
  expect(rows.map(({ proof }) => proof)).toEqual(statements.map(proofOf));
  expect(new Set(rows.map(({ proof }) => proof)).size).toBeGreaterThan(10);
});

/** A copy of a record, by the service role, with some of its values changed, and some of its commitments. */
const copy = (
  overrides: object,
  commitments = sql`select commitment from evidence_commitments
  where sanction = ${model}`,
): Promise<string> => {
  const id = testId('snc', registry.now());
  return sqlState(
    sql`with s as (
      insert into sanctions select (jsonb_populate_record(m, ${JSON.stringify({ ...overrides, id })}::text::jsonb)).*
      from sanctions m where m.id = ${model}
    )
    insert into evidence_commitments (commitment, sanction)
    select commitment, ${id} from (${commitments}) as c`.execute(registry.db),
  );
};

test('a record rests on the evidence of its statement, whoever writes it', async () => {
  expect(await copy({})).toBe('accepted');
  expect(await copy({ proof: null })).toBe('23514');
  expect(await copy({ proof: '00'.repeat(32) })).toBe('23514');
  await sql`alter table sanctions disable trigger sanctions_evidence`.execute(registry.ownerDb);
  expect(await copy({ proof: null })).toBe('accepted');
  await sql`alter table sanctions enable trigger sanctions_evidence`.execute(registry.ownerDb);
});

test('a record commits to the evidence of its statement, whoever writes it', async () => {
  const none = sql`select 'x' as commitment where false`;
  const more = sql`select commitment from evidence_commitments where sanction = ${model} union select 'x'`;
  const another = sql`select 'x' as commitment`;
  for (const wrong of [none, more, another]) expect(await copy({}, wrong)).toBe('23514');
  const later = sql`insert into evidence_commitments (commitment, sanction) values ('x', ${model})`;
  expect(await sqlState(later.execute(registry.db))).toBe('42501');
  await sql`alter table sanctions disable trigger sanctions_evidence`.execute(registry.ownerDb);
  expect(await copy({}, more)).toBe('accepted');
  await sql`alter policy evidence_commitments_at_once on evidence_commitments with check (true)`.execute(
    registry.ownerDb,
  );
  expect(await sqlState(later.execute(registry.db))).toBe('accepted');
});

describe('bytes that two deliveries have the key of', () => {
  beforeEach(async () => {
    const theCase = await newCase(registry);
    const { id: review } = await appealCase(registry, theCase);
    await sql`with e as (insert into sealed_evidence (id, sealed) values ('evd', ''))
      insert into deliveries (review, sanction, item, round, sealed_to, sealed, evidence, at)
      select ${review}, ${theCase.sanction}, item, 0, '{}', '', 'evd', now() from generate_series(0, 1) item`.execute(
      registry.db,
    );
  });
  afterEach(() =>
    sql`delete from deliveries; delete from sealed_evidence`.execute(registry.ownerDb),
  );
  const itemCount = async () =>
    (await registry.db.selectFrom('sealed_evidence').select('id').execute()).length;
  /** As the registry does it. */
  const destroy = (db: Db, item: number) =>
    sql`with gone as (update deliveries set sealed = null where item = ${item} returning evidence)
      select drop_evidence(array_agg(evidence)) from gone`.execute(db);

  test('are gone with the last key', async () => {
    await destroy(registry.db, 0);
    expect(await itemCount()).toBe(1);
    await destroy(registry.db, 1);
    expect(await itemCount()).toBe(0);
  });

  test('are gone also where both keys are destroyed at once', async () => {
    const first = await paused(registry.db, (trx) => destroy(trx, 0));
    const second = destroy(registry.db, 1);
    expect(await answeredOrWaiting(registry, second)).toBe('waiting');
    await first.commit();
    await second;
    expect(await itemCount()).toBe(0);
  });

  test('are neither kept without a key nor dropped with one, whoever does it', async () => {
    await sql`select drop_evidence(array_agg(id)) from sealed_evidence`.execute(registry.db);
    expect(await itemCount()).toBe(1);
    const alone = (item: number) =>
      sqlState(sql`update deliveries set sealed = null where item = ${item}`.execute(registry.db));
    expect([await alone(0), await alone(1)]).toEqual(['accepted', '23514']);
    await sql`alter table deliveries disable trigger deliveries_dropped`.execute(registry.ownerDb);
    expect(await alone(1)).toBe('accepted');
    await sql`alter table deliveries enable trigger deliveries_dropped`.execute(registry.ownerDb);
  });
});
