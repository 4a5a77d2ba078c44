import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Db } from '../src/kernel/database.ts';
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

test('an appeal that a server of 0.1.0 opened, which says of none what it rests on, is found', async () => {
  const { id } = await appealCase(registry, first);
  expect(await beside(registry.db, second)).toEqual([id]);
  await sql`update appeals set proof = null where id = ${id}`.execute(registry.ownerDb);
  expect(await beside(registry.db, second)).toEqual([id]);
  expect(await beside(registry.db, await newCase(registry, { told: [] }))).toEqual([]);
  const later = await appealCase(registry, second);
  expect(later.beside).toBe(id);
});

test('an appeal says no other evidence than that of its record, whoever writes it', async () => {
  const { id } = await appealCase(registry, first);
  const other = id.slice(0, -1) + 'z';
  const insert = (proof: string | null) =>
    sqlState(
      registry.db.transaction().execute(async (trx) => {
        await sql`with r as (insert into reviews (id, sanction) values (${other}, ${second.sanction}))
          insert into appeals (id, sanction, submitter, proof, claimant, ground, language, words, reviewers,
            opened_at, assignment_due_at, decision_due_at, undecided_at, bound, beside, together)
          select ${other}, ${second.sanction}, submitter, ${proof}, ${second.claimant}, ground, language, '',
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
  expect(await insert(proof)).toBe('accepted');
  expect(
    await sqlState(sql`update appeals set proof = '' where id = ${id}`.execute(registry.db)),
  ).toBe('42501');
});
