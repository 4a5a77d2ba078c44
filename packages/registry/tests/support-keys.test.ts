import {
  addedKey,
  insertHolder,
  insertKey,
  random32,
  startTestRegistry,
  testOrigin,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addSupport, freshKey, statementBy } from './parties-fixtures.ts';
import { outcome } from './safety-harness.ts';
import { build, notify, submit } from './sanctions-harness.ts';

let registry: TestRegistry;
let support: TestKey;

beforeAll(async () => {
  registry = await startTestRegistry();
  support = await addSupport(registry, registry.parties.harbour);
});
afterAll(() => registry.close());

test('a support key reads the states of its own records and nothing else of them', async () => {
  const { id } = await submit(registry, { submission: { ref: 'A'.repeat(16) } });
  await notify(registry, id);
  const { body } = await registry.call(support, 'sanctions.states', {});
  const { states } = body.result;
  const expiresAt = expect.any(String) as string;
  const state = { sanction: id, state: 'visible', version: 1, disputed: false, expiresAt };
  expect(states).toEqual([{ ...state, ref: 'A'.repeat(16) }]);
  const theirs = await addSupport(registry, registry.parties.tubely);
  const { body: none } = await registry.call(theirs, 'sanctions.states', {});
  expect(none.result).toEqual({ states: [] });
});

test('it reads a page by state, and older ones by the cursor', async () => {
  const { id } = await submit(registry);
  const { body: first } = await registry.call(support, 'sanctions.states', { limit: 1 });
  const { states, next: cursor } = first.result;
  expect(states).toMatchObject([{ sanction: id }]);
  const { body: older } = await registry.call(support, 'sanctions.states', { cursor, limit: 1 });
  expect(older.result.states[0].sanction < id).toBe(true);
  const { body: drafts } = await registry.call(support, 'sanctions.states', { state: 'draft' });
  expect(drafts.result.states).toEqual([]);
});

test('a support key is never an admin key', async () => {
  const { harbour } = registry.parties;
  const { admin } = harbour;
  const invite = { invite: random32(), role: 'support', admin: true } as const;
  expect(outcome(await registry.call(admin, 'people.invite', invite))).toBe(
    'invalid-input/not-of-this-role',
  );
  const { holder } = support;
  const { signer } = await freshKey();
  const claims = { holder, role: 'support', admin: true, jwk: signer.publicJwk } as const;
  const statement = await statementBy(registry, admin, claims);
  expect(outcome(await registry.call(admin, 'keys.add', { statement }))).toBe('invalid-input/role');
  const seed = { db: registry.db, audience: testOrigin, now: registry.now() };
  const person = { party: harbour.id, role: 'support', admin: true, by: admin } as const;
  const planted = await addedKey({ ...seed, ...person });
  await insertHolder(seed, planted);
  await expect(insertKey(seed, planted, 51)).rejects.toMatchObject({
    constraint_name: 'keys_support_is_no_admin',
  });
});

test('a statement that a support key signed is no record', async () => {
  const { service } = registry.parties.harbour;
  const input = await build(registry, { signedBy: support });
  const answer = await registry.call(service, 'sanctions.submit', input);
  expect(outcome(answer)).toBe('role-not-allowed');
});
