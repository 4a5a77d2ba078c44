import { steps } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Db } from '../src/kernel/database.ts';
import { closeAppealRow } from '../src/records/appeal-store.ts';
import {
  appealCase,
  impersonation,
  newCase,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { sqlState } from './sanctions-harness.ts';

// Who appeals looks for other appeals on the same evidence. `npm run bench -- history` measures what that costs.

let registry: TestRegistry;
let first: TestCase;
let second: TestCase;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());
beforeEach(async () => {
  const statement = impersonation();
  first = await newCase(registry, { statement, told: [] });
  second = await newCase(registry, { statement, told: [] });
});

const beside = async (db: Db, { sanction }: TestCase): Promise<string[]> =>
  (
    await sql<{ id: string }>`
      select one.id from open_on_same_evidence(${sanction}, ${registry.now()}) as one(id)`.execute(
      db,
    )
  ).rows.map(({ id }) => id);

/** Does something as the owner and takes it back. */
async function undone(work: (trx: Db) => Promise<void>): Promise<void> {
  const taken = new Error('taken back');
  const done = registry.ownerDb.transaction().execute(async (trx) => {
    await work(trx);
    throw taken;
  });
  await expect(done).rejects.toBe(taken);
}

/** Statements of a step that name something. */
const statementsOf = (step: string, named: string): string[] =>
  steps.find(({ name }) => name === step)!.statements.filter((one) => one.includes(named));

test('an appeal that a server of 0.1.0 opened, which says of none what it rests on, is found before the contract and behind it', async () => {
  const { id } = await appealCase(registry, first);
  expect(await beside(registry.db, second)).toEqual([id]);
  await undone(async (trx) => {
    await sql`delete from appeal_proofs where appeal = ${id}`.execute(trx);
    expect(await beside(trx, second)).toEqual([]);
    const [before] = statementsOf('0001-initial', 'function open_on_same_evidence(');
    await sql.raw(before!.replace('create function', 'create or replace function')).execute(trx);
    expect(await beside(trx, second)).toEqual([id]);
    const contract = statementsOf('0003-growth-contract', 'appeal_proofs').filter(
      (one) => !one.includes('TRIGGER') || one.startsWith('CREATE OR REPLACE'),
    );
    for (const statement of contract) await sql.raw(statement).execute(trx);
    expect(await beside(trx, second)).toEqual([id]);
  });
  expect(await beside(registry.db, await newCase(registry, { told: [] }))).toEqual([]);
  const later = await appealCase(registry, second);
  expect(later.beside).toBe(id);
});

test('an appeal that a server of 0.1.0 closed, which leaves what it rests on as it was, is not found', async () => {
  const { id } = await appealCase(registry, first);
  await sql`update appeals set closed_at = ${registry.now()}, closed_as = 'conceded' where id = ${id}`.execute(
    registry.ownerDb,
  );
  expect(await beside(registry.db, second)).toEqual([]);
});

test('what a closed appeal is about says so: it is not read again', async () => {
  const { id } = await appealCase(registry, first);
  const at = registry.now();
  await closeAppealRow(registry.db, id, { as: 'conceded', at });
  const rows = registry.db.selectFrom('appeal_proofs').select('closed_at').where('appeal', '=', id);
  expect(await rows.execute()).toEqual([{ closed_at: at }]);
});

test('nobody calls an open appeal closed, and none is on other evidence later', async () => {
  const { id } = await appealCase(registry, first);
  const attack = (statement: string) =>
    sqlState(sql.raw(`${statement} where appeal = '${id}'`).execute(registry.db));
  expect(await attack('update appeal_proofs set closed_at = now()')).toBe('23514');
  expect(await attack(`update appeal_proofs set proof = ''`)).toBe('42501');
  expect(await attack('delete from appeal_proofs')).toBe('42501');
  expect(await beside(registry.db, second)).toEqual([id]);
  await undone(async (trx) => {
    await sql`drop trigger appeal_proofs_true on appeal_proofs`.execute(trx);
    await sql`update appeal_proofs set closed_at = now() where appeal = ${id}`.execute(trx);
  });
});

test('an appeal says no other evidence than that of its record, and says it, whoever writes it', async () => {
  const { id } = await appealCase(registry, first);
  const other = id.slice(0, -1) + 'z';
  const insert = (proof: string | null) =>
    sqlState(
      registry.db.transaction().execute(async (trx) => {
        await sql`with r as (insert into reviews (id, sanction) values (${other}, ${second.sanction})),
          about as (insert into appeal_proofs (appeal, sanction, proof)
            select ${other}, ${second.sanction}, proof from (values (${proof}::text)) t(proof)
            where proof is not null)
          insert into appeals (id, sanction, submitter, claimant, ground, language, words, reviewers,
            opened_at, assignment_due_at, decision_due_at, undecided_at, bound, beside, together)
          select ${other}, ${second.sanction}, submitter, ${second.claimant}, ground, language, '',
            reviewers, opened_at, assignment_due_at, decision_due_at, undecided_at, false, ${id}, false
          from appeals where id = ${id}`.execute(trx);
        throw Object.assign(new Error('taken back'), { code: 'accepted' });
      }),
    );
  const { proof } = await registry.db
    .selectFrom('sanctions')
    .select('proof')
    .where('id', '=', second.sanction)
    .executeTakeFirstOrThrow();
  expect(await insert('00'.repeat(32))).toBe('23514');
  expect(await insert('')).toBe('23514');
  expect(await insert(null)).toBe('23514');
  expect(await insert(proof)).toBe('accepted');
  await sql`drop trigger appeals_on_evidence on appeals`.execute(registry.ownerDb);
  expect(await insert(null)).toBe('accepted');
  await sql`drop trigger appeal_proofs_true on appeal_proofs`.execute(registry.ownerDb);
  expect(await insert('')).toBe('accepted');
});
