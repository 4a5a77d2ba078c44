import { caseKey, isId, toNumericDate } from '@recourse/protocol';
import {
  newSecret,
  startTestRegistry,
  testId,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realTokens, caseAbout, findByEmail, open, resultOf, tokenOf } from './cases-fixture.ts';
import { ask, openCheck } from './checks-fixture.ts';
import { day, notify, problem, sqlState, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
let tubely: TestPlatform;
let accounts = 0;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
  ({ tubely } = registry.parties);
  await registry.ownerDb
    .updateTable('parties')
    .set({ registered_at: new Date('2020-01-01'), enabled_reasons: ['fraud.phishing'] })
    .execute();
});
afterAll(() => registry.close());

const account = () => `acct:${accounts++}@tubely.example`;

const issue = (identifier: string, secret: string) =>
  registry.call(tubely.trust, 'subjects.ticket', {
    kind: 'account',
    identifier,
    request: caseKey(secret),
  });

/** Tubely vouches, and whoever has the secret opens what there is. @returns the key */
async function enter(identifier: string, newKey = newSecret()): Promise<string> {
  const secret = newSecret();
  expect((await issue(identifier, secret)).status).toBe(200);
  resultOf(await registry.caseCall('case.ticket', { secret, newKey }));
  return newKey;
}

const viewOf = async (key: string) => resultOf(await open(registry, key)).case;
const told = () =>
  registry.db
    .selectFrom('matches')
    .select(['id', 'check_id', 'sanction', 'version', 'due_at', 'positions'])
    .where('purpose', '=', 'vouching')
    .where('party', '=', tubely.id)
    .execute();
const toldOf = async (sanction: string) =>
  (await told()).filter((match) => match.sanction === sanction);

async function spent(): Promise<number> {
  const row = await registry.db
    .selectFrom('check_meters')
    .select('spent')
    .where('party', '=', tubely.id)
    .executeTakeFirst();
  return row?.spent ?? 0;
}

describe('a ticket', () => {
  test('costs a unit, which is kept for it', async () => {
    const parties = registry.ownerDb.updateTable('parties').where('id', '=', tubely.id);
    await parties.set({ elements_per_day: 5 }).execute();
    const before = await spent();
    expect((await issue(account(), newSecret())).status).toBe(200);
    expect((await spent()) - before).toBeGreaterThan(0.9);
    for (let n = 0; n < 4; n++) await issue(account(), newSecret());
    expect(problem(await issue(account(), newSecret()))[0]).toBe('quota-exceeded');
    await parties.set({ elements_per_day: null }).execute();
    registry.advance(day);
  });

  test('that is refused costs nothing', async () => {
    const before = await spent();
    expect((await issue('acct:1@market.example', newSecret())).status).toBe(422);
    expect(await spent()).toBe(before);
  });

  test('that nobody used told its platform of nothing', async () => {
    const identifier = account();
    const { sanction } = await caseAbout(registry, [['account', identifier]]);
    await issue(identifier, newSecret());
    expect(await toldOf(sanction)).toEqual([]);
  });
});

describe('the platform whose ticket opened a case', () => {
  test('is named to every claimant, by name and with its purpose, and to no other case', async () => {
    const identifier = account();
    const email = 'victim.of.a.ticket@mail.example';
    await caseAbout(registry, [
      ['account', identifier],
      ['email', email],
    ]);
    await caseAbout(registry, [['email', email]], { by: registry.parties.market });
    const { newKey } = await findByEmail(registry, email);
    await enter(identifier);
    const named = await Promise.all([1, 2].map((n) => viewOf(`${newKey}.${n}`)));
    expect(named.map((view) => view.told)).toEqual([
      [expect.objectContaining({ party: tubely.id, name: 'Tubely', purpose: 'vouching' })],
      [],
    ]);
    const { openings } = resultOf(await registry.caseCall('case.receipt', { key: `${newKey}.1` }));
    const types = openings.map(({ entry }: { entry: { type: string } }) => entry.type);
    expect(types).toContain('sanction-disclosed');
  });

  test('does not read by it who asked about the account', async () => {
    const { market } = registry.parties;
    const identifier = account();
    const { sanction } = await caseAbout(registry, [['account', identifier]]);
    await notify(registry, sanction);
    registry.advance(15 * day);
    const tokens = [await tokenOf(registry, 'account', identifier)];
    const check = await openCheck(registry, market);
    expect((await ask(registry, market, { check, tokens })).body.result.matches).toHaveLength(1);
    registry.advance(60);
    const { told: named } = await viewOf(`${await enter(identifier)}.1`);
    expect(named.map(({ name }: { name: string }) => name)).toEqual(['Tubely']);
  });

  test('owes no outcome, and its checks do not stop for want of one', async () => {
    const identifier = account();
    const { sanction } = await caseAbout(registry, [['account', identifier]]);
    await enter(identifier);
    const [match] = await toldOf(sanction);
    expect(match).toMatchObject({ due_at: null, positions: [0] });
    const owed = await registry.call(tubely.service, 'checks.owed', {});
    expect(owed.body.result.owed).toEqual([]);
    if (!isId('mat', match?.id)) throw new Error('no match');
    const outcomes = [{ match: match.id, outcome: 'admitted' as const }];
    const reported = await registry.call(tubely.service, 'checks.report', { outcomes });
    expect(problem(reported)[0]).toBe('not-found');
    registry.advance(100 * day);
    const evaluated = await registry.call(tubely.service, 'checks.evaluate', {
      purpose: 'signup',
      epochs: [1],
      blinded: ['aaaa'],
      provenAt: toNumericDate(registry.now()),
    });
    expect(problem(evaluated)[0]).not.toBe('checks-stopped');
  });

  test('asks about nothing under it', async () => {
    const identifier = account();
    const { sanction } = await caseAbout(registry, [['account', identifier]]);
    await enter(identifier);
    const [match] = await toldOf(sanction);
    const tokens = [await tokenOf(registry, 'account', identifier)];
    const answer = await ask(registry, tubely, { check: match!.check_id, tokens });
    expect(problem(answer)[0]).toBe('not-found');
  });

  test('gets a recall once the record ends', async () => {
    const identifier = account();
    const { sanction } = await caseAbout(registry, [['account', identifier]]);
    await notify(registry, sanction);
    await enter(identifier);
    await withdraw(registry, sanction);
    const { recalls } = (await registry.call(tubely.service, 'recalls.list', {})).body.result;
    expect(recalls.filter((one: { sanction: string }) => one.sanction === sanction)).toMatchObject([
      { kind: 'undo', told: [{ purpose: 'vouching' }] },
    ]);
  });

  test('makes a derived record of what it recorded after that', async () => {
    const identifier = account();
    await caseAbout(registry, [['account', identifier]]);
    await enter(identifier);
    registry.advance(60);
    const { sanction } = await caseAbout(registry, [['account', identifier]], { by: tubely });
    const { prior_match } = await registry.db
      .selectFrom('sanctions')
      .select('prior_match')
      .where('id', '=', sanction)
      .executeTakeFirstOrThrow();
    expect(prior_match).toBe(true);
  });

  test('is not told of its own record', async () => {
    const identifier = account();
    const { sanction } = await caseAbout(registry, [['account', identifier]], { by: tubely });
    const view = await viewOf(`${await enter(identifier)}.1`);
    expect(view).toMatchObject({ sanction, ways: [{ way: 'handed' }], told: [] });
    expect(await toldOf(sanction)).toEqual([]);
  });

  test('was told of one that ends meanwhile before its end, or opens it ended', async () => {
    const identifier = account();
    const { sanction } = await caseAbout(registry, [['account', identifier]]);
    await notify(registry, sanction);
    await Promise.all([enter(identifier), withdraw(registry, sanction)]);
    const { recalls } = (await registry.call(tubely.service, 'recalls.list', {})).body.result;
    const own = recalls.filter((one: { sanction: string }) => one.sanction === sanction);
    const { version } = await registry.db
      .selectFrom('sanctions')
      .select('version')
      .where('id', '=', sanction)
      .executeTakeFirstOrThrow();
    const [match] = await toldOf(sanction);
    expect(own).toHaveLength(match!.version < version ? 1 : 0);
  });
});

describe('the database', () => {
  const violated = '23514';

  test('lets nobody in by a ticket whose platform was not told', async () => {
    const identifier = account();
    const { sanction } = await caseAbout(registry, [['account', identifier]]);
    const claimant = testId('clm', registry.now());
    const at = registry.now();
    const row = { id: claimant, sanction, secret: newSecret(), kind: 'self' as const, since: at };
    await registry.db
      .insertInto('claimants')
      .values({ ...row, acts_for: null, signing_key: null, left_at: null })
      .execute();
    const way = { claimant, sanction, way: 'ticket' as const, position: 0, at, proven_at: at };
    const insert = registry.db.insertInto('claimant_ways').values(way).execute();
    expect(await sqlState(insert)).toBe(violated);
  });

  test('takes no match for vouching without a used ticket from after the record, and none that owes', async () => {
    const identifier = account();
    const { sanction } = await caseAbout(registry, [['account', identifier]]);
    await enter(identifier);
    const [match] = await toldOf(sanction);
    const { market } = registry.parties;
    const later = (await caseAbout(registry, [['account', identifier]], { by: market })).sanction;
    const at = registry.now();
    const insert = (of: { check_id?: string; sanction: string; due_at?: Date }) =>
      sqlState(
        registry.db.transaction().execute(async (trx) => {
          const told = { sanction: of.sanction, version: 9, party: tubely.id, at };
          await trx.insertInto('disclosures').values(told).execute();
          const row = { id: testId('mat', at), party: tubely.id, version: 9, told_at: at };
          await trx
            .insertInto('matches')
            .values({ ...row, check_id: match!.check_id, purpose: 'vouching', due_at: null, ...of })
            .execute();
        }),
      );
    expect(await insert({ sanction: later })).toBe(violated);
    expect(await insert({ sanction, due_at: at })).toBe(violated);
    const unused = await registry.db
      .selectFrom('tickets')
      .select('check_id')
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow();
    expect(await insert({ sanction, ...unused })).toBe(violated);
    expect(await insert({ sanction })).toBe('accepted');
  });
});
