import { caseKey } from '@recourse/protocol';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseAbout, findByEmail, open, realTokens, resultOf, tokenOf } from './cases-fixture.ts';
import { day, notify, problem } from './sanctions-harness.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

const account = (id: number) => `acct:${id}@tubely.example`;

async function vouch(id: number, secret: string, key = registry.parties.tubely.trust) {
  return registry.call(key, 'subjects.ticket', {
    token: await tokenOf(registry, 'account', account(id)),
    epoch: 1,
    kind: 'account',
    request: caseKey(secret),
  });
}

const use = (secret: string, newKey = newSecret()) =>
  registry.caseCall('case.ticket', { secret, newKey });

test('a ticket opens every case of its account once, and each case says so', async () => {
  const { sanction } = await caseAbout(registry, [['account', account(1)]]);
  const secret = newSecret();
  expect((await vouch(1, secret)).status).toBe(200);
  const newKey = newSecret();
  expect(resultOf(await use(secret, newKey)).found).toMatchObject([{ n: 1 }]);
  const view = resultOf(await open(registry, `${newKey}.1`)).case;
  expect(view).toMatchObject({ sanction, ways: [{ way: 'ticket', kind: 'account' }] });
  expect(view.history.map(({ event }: { event: string }) => event)).toContain('ticket-issued');
  expect((await use(secret)).guessed).toBe(true);
});

test('a ticket and a proven address are two ways of one claimant', async () => {
  await caseAbout(registry, [
    ['account', account(2)],
    ['email', 'two@mail.example'],
  ]);
  const { newKey } = await findByEmail(registry, 'two@mail.example');
  const secret = newSecret();
  await vouch(2, secret);
  expect(resultOf(await use(secret, newKey)).found).toMatchObject([{ n: 1 }]);
  const { ways } = resultOf(await open(registry, `${newKey}.1`)).case;
  expect(ways.map(({ way }: { way: string }) => way).toSorted()).toEqual(['proof', 'ticket']);
});

test('a platform hears the same whether or not anything is held', async () => {
  await caseAbout(registry, [['account', account(3)]]);
  const secret = newSecret();
  const held = await vouch(3, newSecret());
  const free = await vouch(4, secret);
  expect(held.raw.body.length).toBe(free.raw.body.length);
  expect(Object.keys(held.body)).toEqual(Object.keys(free.body));
  expect(Object.keys(held.body.result)).toEqual(['expiresAt']);
  expect(resultOf(await use(secret)).found).toEqual([]);
});

test('a ticket lasts thirty days, is made once, and by trust keys only', async () => {
  await caseAbout(registry, [['account', account(5)]]);
  const secret = newSecret();
  expect((await vouch(5, secret, registry.parties.tubely.service)).status).toBe(403);
  await vouch(5, secret);
  expect(problem(await vouch(5, secret))).toEqual(['state-conflict', 'used']);
  registry.advance(30 * day + 1);
  expect((await use(secret)).guessed).toBe(true);
});

test('of eight uses of a ticket at once one opens the case', async () => {
  await caseAbout(registry, [['account', account(6)]]);
  const secret = newSecret();
  await vouch(6, secret);
  const uses = await Promise.all(Array.from({ length: 8 }, () => use(secret)));
  expect(uses.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(uses.filter(({ guessed }) => guessed)).toHaveLength(7);
});

test('a ticket opens nothing that its account is no subject of, and nothing by an address', async () => {
  const email = 'ticket.victim@mail.example';
  await caseAbout(registry, [['email', email]]);
  await caseAbout(registry, [['account', account(7)]]);
  const secret = newSecret();
  // A platform has the token of every address it ever asked about.
  const token = await tokenOf(registry, 'email', email);
  const { trust } = registry.parties.tubely;
  const input = { token, epoch: 1, kind: 'account', request: caseKey(secret) } as const;
  const answer = await registry.call(trust, 'subjects.ticket', input);
  expect(answer.status).toBe(200);
  expect(resultOf(await use(secret)).found).toEqual([]);
  const { newKey } = await findByEmail(registry, email);
  const { history } = resultOf(await open(registry, `${newKey}.1`)).case;
  expect(history.map(({ event }: { event: string }) => event)).not.toContain('ticket-issued');
});

test('a ticket of the platform that made the record is worth what a code is that it handed out', async () => {
  const { harbour } = registry.parties;
  const { sanction } = await caseAbout(registry, [['account', account(8)]]);
  await notify(registry, sanction);
  const secret = newSecret();
  expect((await vouch(8, secret, harbour.trust)).status).toBe(200);
  const accuser = newSecret();
  expect(resultOf(await use(secret, accuser)).found).toMatchObject([{ n: 1 }]);
  const { ways } = resultOf(await open(registry, `${accuser}.1`)).case;
  expect(ways).toMatchObject([{ way: 'handed' }]);
});
