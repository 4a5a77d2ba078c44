import { caseKey, isId, type Id, type OpInput } from '@recourse/protocol';
import {
  newSecret,
  random32,
  startTestRegistry,
  testId,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import type { Insertable } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TicketsTable } from '../src/schema/claimants.ts';
import { caseAbout, findByEmail, open, realTokens, resultOf, tokenOf } from './cases-fixture.ts';
import { ask, openCheck } from './checks-fixture.ts';
import { day, notify, problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

const account = (id: number) => `acct:${id}@tubely.example`;

const vouchFor = (
  input: Omit<OpInput<'subjects.ticket'>, 'request'>,
  { secret, key = registry.parties.tubely.trust }: { secret: string; key?: TestKey },
) => registry.call(key, 'subjects.ticket', { ...input, request: caseKey(secret) });

const vouch = (id: number, secret: string, key?: TestKey) =>
  vouchFor({ identifier: account(id), kind: 'account' }, { secret, ...(key && { key }) });

const use = (secret: string, newKey = newSecret()) =>
  registry.caseCall('case.ticket', { secret, newKey });
const found = async (secret: string) => resultOf(await use(secret)).found;

test('a ticket opens every case of its account once, and each case names who vouched', async () => {
  const { sanction } = await caseAbout(registry, [['account', account(1)]]);
  const secret = newSecret();
  expect((await vouch(1, secret)).status).toBe(200);
  const newKey = newSecret();
  expect(resultOf(await use(secret, newKey)).found).toMatchObject([{ n: 1 }]);
  const view = resultOf(await open(registry, `${newKey}.1`)).case;
  expect(view).toMatchObject({
    sanction,
    ways: [{ way: 'ticket', kind: 'account' }],
    told: [{ name: 'Tubely', purpose: 'vouching' }],
  });
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
  expect(await found(secret)).toEqual([]);
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

test('a ticket opens nothing that was recorded after it was issued', async () => {
  const secret = newSecret();
  await vouch(7, secret);
  registry.advance(60);
  await caseAbout(registry, [['account', account(7)]]);
  const newKey = newSecret();
  expect(resultOf(await use(secret, newKey)).found).toEqual([]);
});

test('a ticket of the platform that made the record is worth what a code is that it handed out', async () => {
  const { tubely } = registry.parties;
  const { sanction } = await caseAbout(registry, [['account', account(8)]], { by: tubely });
  await notify(registry, sanction);
  const secret = newSecret();
  expect((await vouch(8, secret)).status).toBe(200);
  const accuser = newSecret();
  expect(resultOf(await use(secret, accuser)).found).toMatchObject([{ n: 1 }]);
  const { ways } = resultOf(await open(registry, `${accuser}.1`)).case;
  expect(ways).toMatchObject([{ way: 'handed' }]);
});

describe('a platform vouches', () => {
  const iban = 'GB82 WEST 1234 5698 7654 32';
  const kind = 'iban';
  const checkBy = async (by: TestPlatform) => {
    const check = await openCheck(registry, by, 'payout-change');
    if (!isId('chk', check)) throw new Error('no check');
    return check;
  };
  const asked = async (
    by = registry.parties.tubely,
    identifier = 'GB82WEST12345698765432',
  ): Promise<Id<'chk'>> => {
    const check = await checkBy(by);
    const tokens = [await tokenOf(registry, kind, identifier)];
    expect((await ask(registry, by, { check, tokens })).status).toBe(200);
    return check;
  };
  const notAsked = ['control-not-proven', 'not-asked'];

  test('for an account of its own domain, and for no other', async () => {
    const { market } = registry.parties;
    await caseAbout(registry, [['account', account(9)]]);
    const other = { identifier: account(9), kind: 'account' } as const;
    const refused = await vouchFor(other, { secret: newSecret(), key: market.trust });
    expect(problem(refused)).toEqual(['control-not-proven', 'not-your-domain']);
    for (const host of ['www.tubely.example', 'tubely.example.market.example', 'TUBELY.example.']) {
      const identifier = `acct:9@${host}`;
      const of = await vouchFor({ identifier, kind: 'account' }, { secret: newSecret() });
      expect([host, of.status]).toEqual([host, 422]);
    }
    const written = await vouchFor(
      { identifier: 'acct:9@Tubely.Example', kind: 'account' },
      { secret: newSecret() },
    );
    expect(written.status).toBe(200);
  });

  test('for an IBAN that it asked about in the last hour, by a proof of the last day', async () => {
    await caseAbout(registry, [[kind, 'GB82WEST12345698765432']]);
    const secret = newSecret();
    const check = await asked();
    expect((await vouchFor({ kind, identifier: iban, check }, { secret })).status).toBe(200);
    expect(await found(secret)).toHaveLength(1);
  });

  test('for no IBAN otherwise: without a check, by that of another, about another, or an old one', async () => {
    const of = { kind, identifier: iban } as const;
    const attempt = async (check?: Id<'chk'>) =>
      problem(await vouchFor({ ...of, ...(check && { check }) }, { secret: newSecret() }));
    expect(await attempt()).toEqual(notAsked);
    expect(await attempt(await asked(registry.parties.market))).toEqual(notAsked);
    expect(await attempt(await asked(undefined, 'DE89370400440532013000'))).toEqual(notAsked);
    expect(await attempt(await checkBy(registry.parties.tubely))).toEqual(notAsked);
    const old = await asked();
    await registry.ownerDb
      .updateTable('checks')
      .set({ proven_at: new Date(registry.now().getTime() - (day + 1) * 1000) })
      .where('id', '=', old)
      .execute();
    expect(await attempt(old)).toEqual(notAsked);
  });

  test('for nothing that has a proof of its own', async () => {
    for (const [other, identifier] of [
      ['email', 'ticket.victim@mail.example'],
      ['phone', '+447911123456'],
      ['domain', 'tubely.example'],
      ['wallet', 'eip155:1:0x0000000000000000000000000000000000000001'],
    ]) {
      const of = { identifier, kind: other } as never;
      expect((await vouchFor(of, { secret: newSecret() })).status).toBe(422);
      const asAccount = { identifier: identifier!, kind: 'account' } as const;
      expect((await vouchFor(asAccount, { secret: newSecret() })).status).toBe(422);
    }
  });

  test('the database takes no ticket for another domain, none for an IBAN without a fresh proof, none for nothing', async () => {
    const { tubely, market } = registry.parties;
    const at = registry.now();
    const paid = (purpose: 'vouching' | 'signup' = 'vouching', party = tubely.id) => {
      const id = testId('chk', at);
      const row = { id, party, purpose, elements: 1, proven_at: null, ref: null, at };
      return registry.db
        .insertInto('checks')
        .values(row)
        .execute()
        .then(() => id);
    };
    const insert = async (of: Partial<Insertable<TicketsTable>>) =>
      sqlState(
        registry.db
          .insertInto('tickets')
          .values({
            request: random32(),
            party: tubely.id,
            lookup: new Uint8Array(32),
            epoch: 1,
            kind: 'iban',
            domain: null,
            proven_by: null,
            check_id: await paid(),
            at,
            expires_at: new Date(at.getTime() + day * 1000),
            used_at: null,
            ...of,
          })
          .execute(),
      );
    const violated = '23514';
    const own = { kind: 'account', domain: 'tubely.example' } as const;
    expect(await insert(own)).toBe('accepted');
    expect(await insert({ ...own, check_id: await paid('signup') })).toBe(violated);
    expect(await insert({ ...own, check_id: await paid('vouching', market.id) })).toBe(violated);
    expect(await insert({ kind: 'account', domain: 'market.example' })).toBe(violated);
    expect(await insert({ kind: 'account' })).toBe(violated);
    expect(await insert({})).toBe(violated);
    expect(await insert({ proven_by: await asked() })).toBe('accepted');
    expect(await insert({ proven_by: await asked(market) })).toBe(violated);
    expect(await insert({ proven_by: await checkBy(tubely) })).toBe(violated);
    const proven_by = await asked();
    expect(await insert({ domain: 'tubely.example', proven_by })).toBe(violated);
    const before = new Date(at.getTime() - (day + 60) * 1000);
    const checks = registry.ownerDb.updateTable('checks').set({ proven_at: before });
    await checks.where('id', '=', proven_by).execute();
    expect(await insert({ proven_by })).toBe(violated);
  });
});
