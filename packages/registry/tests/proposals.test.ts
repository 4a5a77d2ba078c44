import { inviteKey, ops, type OpOutput } from '@recourse/protocol';
import { random32, startTestRegistry, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { settleExpired } from '../src/retention/expiry-store.ts';
import { addKey, refusalOf } from './parties-fixtures.ts';
import { newRegistration, platformId, proveDomain } from './parties-operator-fixtures.ts';

type Listed = OpOutput<'proposals.list'>['proposals'];

let registry: TestRegistry;
let first: TestKey;
let second: TestKey;
beforeAll(async () => {
  registry = await startTestRegistry();
  [first, second] = registry.parties.operator;
});
afterAll(() => registry.close());
// What a test proposed has lapsed before the next one.
beforeEach(() => registry.advance(73 * hour));

const hour = 3600;
const market = () => platformId(registry.parties.market);
const list = async (by: TestKey, input = {}): Promise<Listed> =>
  (await registry.call(by, 'proposals.list', input)).body.result.proposals as Listed;
const setGroup = (by: TestKey, group: string) =>
  registry.call(by, 'platforms.setGroup', { party: market(), group });
const groupOf = async () => {
  const { rows } = await sql<{ name: string }>`select registration ->> 'group' as name
    from parties where id = ${market()}`.execute(registry.db);
  return rows[0]?.name;
};

test('a second operator signs what the list shows, and that executes it', async () => {
  const before = await groupOf();
  const { proposal, executeBefore } = (await setGroup(first, 'moved')).body.result;
  const [shown, ...others] = await list(second);
  expect(others).toEqual([]);
  expect(shown).toMatchObject({
    proposal,
    op: 'platforms.setGroup',
    input: { party: market(), group: 'moved' },
    today: { name: 'Market', group: before },
    proposedBy: first.holder,
    own: false,
    executeBefore,
  });
  expect(await list(first)).toMatchObject([{ proposal, own: true }]);
  const signed = await registry.call(
    second,
    shown!.op as 'platforms.setGroup',
    shown!.input as never,
  );
  expect(signed.body.result).toMatchObject({ state: 'executed', proposal });
  expect(await groupOf()).toBe('moved');
  expect(await list(second)).toEqual([]);
});

test('one who proposed signs it from the list, and executes nothing', async () => {
  const before = await groupOf();
  await setGroup(first, 'alone');
  const [own] = await list(first);
  const again = await registry.call(first, 'platforms.setGroup', own!.input as never);
  expect(again.body.result.state).toBe('proposed');
  expect(await groupOf()).toBe(before);
});

test('an input that the database swapped executes nothing', async () => {
  const before = await groupOf();
  const { proposal } = (await setGroup(first, 'wanted')).body.result;
  const swapped = { party: market(), group: 'planted' };
  await sql`update proposed_inputs set input = ${JSON.stringify(swapped)}::text::jsonb
    where proposal = ${proposal}`.execute(registry.ownerDb);
  const [shown] = await list(second);
  expect(shown!.input).toEqual(swapped);
  const signed = await registry.call(second, 'platforms.setGroup', shown!.input as never);
  expect(signed.body.result).toMatchObject({ state: 'proposed' });
  expect(signed.body.result.proposal).not.toBe(proposal);
  expect(await groupOf()).toBe(before);
});

test('twenty of one person wait at most, and no other person is held up', async () => {
  for (let n = 0; n < 20; n++) expect((await setGroup(first, `many-${n}`)).status).toBe(200);
  expect(refusalOf(await setGroup(first, 'many-20'))).toBe('state-conflict/enough-proposed');
  expect((await setGroup(first, 'many-3')).body.result.state).toBe('proposed');
  expect((await setGroup(second, 'many-20')).body.result.state).toBe('proposed');
  // The first signs what the second proposed, full as the inbox is.
  expect((await setGroup(first, 'many-20')).body.result.state).toBe('executed');
  expect((await setGroup(second, 'many-4')).body.result.state).toBe('executed');
  expect((await setGroup(first, 'many-21')).body.result.state).toBe('proposed');
});

test('one key more gives a person no proposal more', async () => {
  for (let n = 0; n < 20; n++) await setGroup(first, `keyed-${n}`);
  const own = await addKey(registry, first, { role: 'operator', holder: first.holder });
  expect(refusalOf(await setGroup(own, 'keyed-20'))).toBe('state-conflict/enough-proposed');
});

test('what lapsed is not listed, and its input goes', async () => {
  await setGroup(first, 'late');
  registry.advance(72 * hour - 60);
  expect(await list(second)).toHaveLength(1);
  registry.advance(120);
  expect(await list(second)).toEqual([]);
  const now = registry.now();
  await settleExpired(registry.db, { table: 'proposed_inputs', now, limit: 1000 });
  expect(await registry.db.selectFrom('proposed_inputs').select('proposal').execute()).toEqual([]);
});

test('an act that is executed leaves no input', async () => {
  const { proposal } = (await setGroup(first, 'done')).body.result;
  await setGroup(second, 'done');
  const left = registry.db.selectFrom('proposed_inputs').where('proposal', '=', proposal as string);
  expect(await left.selectAll().execute()).toEqual([]);
});

test('a proposal leaves the list with the last key of whoever made it', async () => {
  const leaver = await addKey(registry, first, { role: 'operator', carrier: second });
  await setGroup(leaver, 'gone');
  expect(await list(second)).toHaveLength(1);
  await registry.call(first, 'keys.revoke', { kid: leaver.kid, why: 'retired' });
  expect(await list(second)).toEqual([]);
});

test('the list goes on at its cursor', async () => {
  for (const group of ['page-a', 'page-b', 'page-c']) await setGroup(first, group);
  const { proposals, next } = (await registry.call(second, 'proposals.list', { limit: 2 })).body
    .result as OpOutput<'proposals.list'>;
  const rest = await list(second, { limit: 2, cursor: next });
  expect([...proposals, ...rest].map(({ input }) => input['group'])).toEqual([
    'page-a',
    'page-b',
    'page-c',
  ]);
  const wrong = await registry.call(second, 'proposals.list', { cursor: 'made-up' });
  expect(refusalOf(wrong)).toBe('invalid-input/unknown');
});

test('every act of two says what stands today', async () => {
  const { harbour } = registry.parties;
  const party = market();
  const registration = newRegistration();
  const register = proveDomain(registry, { registration, invite: inviteKey(random32()) });
  await registry.call(first, 'platforms.register', register);
  await registry.call(first, 'platforms.setQuota', { party, submissionsPerDay: 0 });
  await registry.call(first, 'platforms.suspend', { party, what: 'checks', why: 'terms' });
  await registry.call(first, 'platforms.leave', { party });
  await registry.call(first, 'taxonomy.enable', {
    party: platformId(harbour),
    reasons: ['fraud.scam'],
  });
  await registry.call(first, 'panel.remove', {
    holder: registry.parties.panel[1].holder as `hld_${string}`,
  });
  const shown = Object.fromEntries((await list(second)).map(({ op, today }) => [op, today]));
  expect(shown).toMatchObject({
    'platforms.register': {},
    'platforms.setQuota': { name: 'Market' },
    'platforms.suspend': { name: 'Market', what: 'nothing' },
    'platforms.leave': { name: 'Market' },
    'taxonomy.enable': { name: 'Harbour' },
    'panel.remove': { sitting: expect.any(Number) as number },
  });
});

test('nobody but the operator reads what is proposed', async () => {
  for (const key of [registry.parties.harbour.admin, registry.parties.panel[0]]) {
    expect(refusalOf(await registry.call(key, 'proposals.list', {}))).toBe('role-not-allowed');
  }
  expect(ops['proposals.list'].roles).toEqual(['operator']);
});
