import { random32, startTestRegistry, type TestKey, type TestRegistry } from '@recourse/testkit';
import { inviteKey } from '@recourse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addKey, entriesOf, refusalOf } from './parties-fixtures.ts';
import { newRegistration, platformId, proveDomain } from './parties-operator-fixtures.ts';

let registry: TestRegistry;
let first: TestKey;
let second: TestKey;
let third: TestKey;
beforeAll(async () => {
  registry = await startTestRegistry();
  [first, second] = registry.parties.operator;
  third = await addKey(registry, first, { role: 'operator', carrier: second });
});
afterAll(() => registry.close());

const hour = 3600;
const input = () => ({ registration: newRegistration(), invite: inviteKey(random32()) });
const register = (by: TestKey, proposal: ReturnType<typeof input>) =>
  registry.call(by, 'platforms.register', proveDomain(registry, proposal));
const registered = async ({ registration }: ReturnType<typeof input>) =>
  (await entriesOf(registry, 'party-registered')).filter(
    ({ detail }) => (detail['registration'] as { name: string }).name === registration.name,
  ).length;

test('the first call proposes, the same call by another holder executes', async () => {
  const proposal = input();
  const proposed = (await register(first, proposal)).body.result;
  expect(proposed.state).toBe('proposed');
  expect(await registered(proposal)).toBe(0);
  const executed = (await register(second, proposal)).body.result;
  expect(executed).toMatchObject({ state: 'executed', proposal: proposed.proposal });
  expect(await registered(proposal)).toBe(1);
});

test('the same holder gets the same proposal again, and executes nothing', async () => {
  const proposal = input();
  const proposals = [await register(first, proposal), await register(first, proposal)];
  const [one, two] = proposals.map(({ body }) => body.result);
  expect(two).toEqual(one);
  expect(two.state).toBe('proposed');
  expect(await registered(proposal)).toBe(0);
});

test('a holder with two keys is one person', async () => {
  const secondKey = await addKey(registry, first, {
    role: 'operator',
    holder: second.holder,
    carrier: second,
  });
  expect(secondKey.kid).not.toBe(second.kid);
  const proposal = input();
  await register(second, proposal);
  expect((await register(secondKey, proposal)).body.result.state).toBe('proposed');
  expect(await registered(proposal)).toBe(0);
  expect((await register(first, proposal)).body.result.state).toBe('executed');
});

test('another input is another act', async () => {
  const proposal = input();
  await register(first, proposal);
  const changed = { ...proposal, registration: { ...proposal.registration, checkOnly: true } };
  expect((await register(second, changed)).body.result.state).toBe('proposed');
});

test('the order of members does not matter', async () => {
  const proposal = input();
  await register(first, proposal);
  const reordered = { invite: proposal.invite, registration: proposal.registration };
  expect((await register(second, reordered)).body.result.state).toBe('executed');
});

test('a proposal is executed within 72 h, and proposed anew after', async () => {
  const [soon, late] = [input(), input()];
  await register(first, soon);
  const stale = (await register(first, late)).body.result;
  registry.advance(72 * hour - 30);
  expect((await register(second, soon)).body.result.state).toBe('executed');
  registry.advance(60);
  const anew = (await register(second, late)).body.result;
  expect(anew.state).toBe('proposed');
  expect(anew.proposal).not.toBe(stale.proposal);
  expect(await registered(late)).toBe(0);
  expect((await register(first, late)).body.result.state).toBe('executed');
});

test('two who execute at once execute once', async () => {
  const party = platformId(registry.parties.market);
  for (let round = 0; round < 4; round++) {
    const suspension = { party, what: 'submissions', why: 'terms' } as const;
    await registry.call(first, 'platforms.suspend', suspension);
    const before = (await entriesOf(registry, 'party-suspended')).length;
    const answers = await Promise.all(
      [second, third].map((by) => registry.call(by, 'platforms.suspend', suspension)),
    );
    const states = answers.map(({ body }) => body.result.state).sort();
    expect(states).toEqual(['executed', 'proposed']);
    expect((await entriesOf(registry, 'party-suspended')).length - before).toBe(1);
    registry.advance(73 * hour);
  }
});

test('two who propose at once propose and execute once', async () => {
  const proposal = input();
  const answers = await Promise.all([first, second].map((by) => register(by, proposal)));
  expect(answers.map(({ body }) => body.result.state).sort()).toEqual(['executed', 'proposed']);
  expect(await registered(proposal)).toBe(1);
  expect(refusalOf(await register(first, proposal))).toBe('state-conflict/registered');
});

test('a proposal dies with the last key of whoever made it', async () => {
  const leaver = await addKey(registry, first, { role: 'operator', carrier: second });
  const proposal = input();
  await register(leaver, proposal);
  await registry.call(first, 'keys.revoke', { kid: leaver.kid, why: 'retired' });
  expect((await register(second, proposal)).body.result.state).toBe('proposed');
  expect(await registered(proposal)).toBe(0);
});

test('nobody but the operator proposes', async () => {
  const { harbour, panel } = registry.parties;
  for (const by of [harbour.admin, panel[0]]) {
    expect(refusalOf(await register(by, input()))).toBe('role-not-allowed');
  }
});

test('the database takes no execution by the proposer, and none that is late', async () => {
  const proposal = (await register(first, input())).body.result.proposal as string;
  const execute = (by: string, at: Date) =>
    registry.db
      .updateTable('proposals')
      .set({ executed_by: by, executed_at: at })
      .where('id', '=', proposal)
      .execute();
  const now = registry.now();
  await expect(execute(first.holder, now)).rejects.toMatchObject({ code: '23514' });
  const late = new Date(now.getTime() + 73 * hour * 1000);
  await expect(execute(second.holder, late)).rejects.toMatchObject({ code: '23514' });
});

describe('one admin alone is one holder', () => {
  test.each([
    ['a holder that was made up', () => ({ role: 'operator' as const })],
    ['another operator', () => ({ role: 'operator' as const, holder: second.holder })],
  ])('and adds no key for %s', async (_, personOf) => {
    await expect(addKey(registry, first, personOf())).rejects.toThrow(/not-independent/);
  });

  test('but may add one for itself', async () => {
    const own = await addKey(registry, first, { role: 'operator', holder: first.holder });
    expect(own.holder).toBe(first.holder);
  });

  test('nor does an admin of the panel, for another reviewer', async () => {
    const [admin, other, third] = registry.parties.panel;
    const person = { role: 'reviewer', holder: third.holder } as const;
    await expect(addKey(registry, admin, person)).rejects.toThrow(/not-independent/);
    expect((await addKey(registry, admin, { ...person, carrier: other })).holder).toBe(
      third.holder,
    );
  });
});
