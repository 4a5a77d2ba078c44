import { caseKey } from '@recourse/protocol';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  appealInput,
  caseAbout,
  claim,
  findByEmail,
  open,
  realTokens,
  resultOf,
  tokenOf,
} from './cases-fixture.ts';
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
  expect(view).toMatchObject({ sanction, access: 'found' });
  expect(view.facts).toBeUndefined();
  expect(view.history.map(({ event }: { event: string }) => event)).toContain('ticket-issued');
  expect((await use(secret)).guessed).toBe(true);
});

test('a ticket and a proven address are two identifiers of one statement', async () => {
  await caseAbout(registry, [
    ['account', account(2)],
    ['email', 'two@mail.example'],
  ]);
  const { newKey } = await findByEmail(registry, 'two@mail.example');
  const secret = newSecret();
  await vouch(2, secret);
  expect(resultOf(await use(secret, newKey)).found).toMatchObject([{ n: 1 }]);
  expect(resultOf(await open(registry, `${newKey}.1`)).case.facts).toBeDefined();
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

test('the platform that made the record takes it from nobody by a ticket of its own', async () => {
  const { harbour } = registry.parties;
  const { sanction, code } = await caseAbout(registry, [['account', account(8)]]);
  await notify(registry, sanction);
  const creator = await claim(registry, code);
  const { appeal } = resultOf(
    await registry.caseCall('case.appeal', { key: creator, ...appealInput }),
  );
  const secret = newSecret();
  expect((await vouch(8, secret, harbour.trust)).status).toBe(200);
  const accuser = newSecret();
  expect(resultOf(await use(secret, accuser)).found).toMatchObject([{ n: 1, claimed: true }]);
  const key = `${accuser}.1`;
  for (const act of [
    registry.caseCall('case.contest', { key }),
    registry.caseCall('case.appeal', { key, ...appealInput }),
  ]) {
    expect(problem(await act)).toEqual(['state-conflict', 'not-proven']);
  }
  const seen = resultOf(await open(registry, creator)).case;
  expect(seen.appeals).toMatchObject([{ appeal, state: 'open' }]);
});

test('what the platform that made the record took by its own ticket, a proof takes back', async () => {
  const { harbour } = registry.parties;
  const email = 'taken@mail.example';
  const { sanction } = await caseAbout(registry, [
    ['account', account(9)],
    ['email', email],
  ]);
  await notify(registry, sanction);
  const secret = newSecret();
  await vouch(9, secret, harbour.trust);
  const accuser = newSecret();
  resultOf(await use(secret, accuser));
  const theirs = resultOf(
    await registry.caseCall('case.appeal', { key: `${accuser}.1`, ...appealInput }),
  );
  const { newKey } = await findByEmail(registry, email);
  const { voided } = resultOf(await registry.caseCall('case.contest', { key: `${newKey}.1` }));
  expect(voided).toEqual([theirs.appeal]);
  expect((await open(registry, `${accuser}.1`)).guessed).toBe(true);
});

test('a proof by the key of such a ticket opens the case anew, by a number that proves more', async () => {
  const { harbour } = registry.parties;
  const email = 'ten@mail.example';
  const { sanction, code } = await caseAbout(registry, [
    ['account', account(10)],
    ['email', email],
  ]);
  await notify(registry, sanction);
  await claim(registry, code);
  const secret = newSecret();
  await vouch(10, secret, harbour.trust);
  const newKey = newSecret();
  expect(resultOf(await use(secret, newKey)).found).toMatchObject([{ n: 1 }]);
  expect((await findByEmail(registry, email, newKey)).found).toMatchObject([{ n: 2 }]);
  resultOf(await registry.caseCall('case.contest', { key: `${newKey}.2` }));
});
