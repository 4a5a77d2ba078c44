import {
  insertParties,
  random32,
  testId,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admitted, membershipAt } from '../src/records/membership.rules.ts';
import { findUnexamined } from '../src/parties/probation-store.ts';
import { findParty, membershipOf, updateParty } from '../src/parties/store.ts';
import { newElement, startCheckRegistry } from './checks-fixture.ts';
import { entriesOf, refusalOf } from './parties-fixtures.ts';
import {
  newPlatform,
  newRegistration,
  platformId,
  proveDomain,
} from './parties-operator-fixtures.ts';
import { build, day, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const violated = '23514';
const submit = async (by: TestPlatform) =>
  registry.call(by.service, 'sanctions.submit', await build(registry, { signedBy: by.trust }));
const evaluate = (by: TestKey) =>
  registry.call(by, 'checks.evaluate', {
    purpose: 'signup',
    epochs: [1],
    blinded: [newElement()],
    provenAt: Math.floor(registry.now().getTime() / 1000),
  });
const object = (by: TestPlatform, to: TestPlatform, ground = 'registration-untrue' as const) =>
  registry.call(by.trust, 'parties.object', { party: platformId(to), ground });
const stateOf = async ({ id }: TestPlatform) =>
  membershipAt(membershipOf((await findParty(registry.db, id))!), null, registry.now());
const insertCheck = ({ id }: TestPlatform) =>
  registry.db
    .insertInto('checks')
    .values({
      id: testId('chk', registry.now()),
      party: id,
      purpose: 'signup',
      elements: 1,
      proven_at: null,
      at: registry.now(),
    })
    .execute();
/** A record copied from one of a member, as somebody with the database could write it. */
async function insertRecord(by: TestPlatform): Promise<string> {
  const answer = await submit(registry.parties.harbour);
  const id = testId('snc', registry.now());
  await sql`insert into sanctions (id, party, kid, holder, statement, reason, age, decided_at,
      incident_from, incident_to, expires_at, submitted_at, notice_due_at, prior_match,
      commitments, account)
    select ${id}, ${by.id}, ${by.trust.kid}, ${by.trust.holder}, 'copied', reason, age, decided_at,
      incident_from, incident_to, expires_at, ${registry.now()}, ${registry.now()}, prior_match,
      commitments, account
    from sanctions where id = ${answer.body.result.sanction}`.execute(registry.db);
  return id;
}

describe('a registration proves its domain by DNS', () => {
  test('without the TXT record it is refused, and with that of another invite', async () => {
    const input = { registration: newRegistration(), invite: random32() };
    const attempt = () => registry.call(registry.parties.operator[0], 'platforms.register', input);
    expect(refusalOf(await attempt())).toBe('control-not-proven/no-txt-record');
    proveDomain(registry, { ...input, invite: random32() });
    expect(refusalOf(await attempt())).toBe('control-not-proven/no-txt-record');
    proveDomain(registry, input);
    expect(refusalOf(await attempt())).toBe('200');
  });
});

describe('14 d open to objection', () => {
  test('a party sets up keys but neither checks nor submits', async () => {
    const fresh = await newPlatform(registry);
    registry.advance(14 * day - 60);
    expect(await stateOf(fresh)).toBe('pending');
    expect(refusalOf(await evaluate(fresh.service))).toBe('checks-stopped');
    expect(refusalOf(await submit(fresh))).toBe('party-suspended/not-active');
    expect(await sqlState(insertCheck(fresh))).toBe(violated);
    expect(await sqlState(insertRecord(fresh))).toBe(violated);
    expect(refusalOf(await object(fresh, registry.parties.harbour))).toBe('role-not-allowed');
    registry.advance(120);
    expect(await stateOf(fresh)).toBe('probation');
    expect(refusalOf(await evaluate(fresh.service))).toBe('200');
    expect(refusalOf(await submit(fresh))).toBe('200');
    expect(await sqlState(insertCheck(fresh))).toBe('accepted');
  });

  test('a party vouches for nobody, and not after leaving either', async () => {
    const fresh = await newPlatform(registry);
    const domain = `${fresh.name.toLowerCase()}.example`;
    const vouch = () =>
      registry.call(fresh.trust, 'subjects.ticket', {
        identifier: `acct:1@${domain}`,
        kind: 'account',
        request: random32(),
      });
    const insert = () =>
      registry.db
        .insertInto('tickets')
        .values({
          request: random32(),
          party: fresh.id,
          check_id: testId('chk', registry.now()),
          epoch: 1,
          kind: 'account',
          lookup: new Uint8Array(32),
          domain,
          proven_by: null,
          at: registry.now(),
          expires_at: registry.now(),
          used_at: null,
        })
        .execute();
    expect(refusalOf(await vouch())).toBe('party-suspended/not-active');
    expect(await sqlState(insert())).toBe(violated);
    registry.advance(14 * day + 60);
    expect(refusalOf(await vouch())).toBe('200');
    await registry.call(fresh.admin, 'platforms.leave', { party: platformId(fresh) });
    registry.advance(1);
    expect(refusalOf(await vouch())).toBe('party-suspended/not-active');
    expect(await sqlState(insert())).toBe(violated);
  });

  test('a party that left hears at once that its checks stopped, whatever a server remembers of its key', async () => {
    const fresh = await newPlatform(registry);
    registry.advance(14 * day + 60);
    expect(refusalOf(await evaluate(fresh.service))).toBe('200');
    await registry.call(fresh.admin, 'platforms.leave', { party: platformId(fresh) });
    expect(refusalOf(await evaluate(fresh.service))).toBe('checks-stopped');
  });

  test('a key that was revoked after its party left is said to be so, and not that the store is away', async () => {
    const fresh = await newPlatform(registry);
    registry.advance(14 * day + 60);
    expect(refusalOf(await evaluate(fresh.service))).toBe('200');
    await registry.call(fresh.admin, 'platforms.leave', { party: platformId(fresh) });
    const { kid } = fresh.service;
    await registry.call(fresh.admin, 'keys.revoke', { kid, why: 'retired' });
    expect(refusalOf(await evaluate(fresh.service))).toBe('key-inactive');
  });

  test('an objection keeps it pending until the panel decides', async () => {
    const { harbour, tubely } = registry.parties;
    const fresh = await newPlatform(registry);
    expect(refusalOf(await object(harbour, fresh))).toBe('200');
    expect(refusalOf(await object(harbour, fresh))).toBe('state-conflict/objected');
    expect(refusalOf(await object(tubely, fresh))).toBe('200');
    expect(await entriesOf(registry, 'party-objected')).toMatchObject([
      { detail: { party: fresh.id, by: harbour.id, ground: 'registration-untrue' } },
      { detail: { party: fresh.id, by: tubely.id } },
    ]);
    registry.advance(400 * day);
    expect(await stateOf(fresh)).toBe('objected');
    expect(refusalOf(await evaluate(fresh.service))).toBe('checks-stopped');
    expect(refusalOf(await submit(fresh))).toBe('party-suspended/not-active');
    const row = (await findParty(registry.db, fresh.id))!;
    const decidedAt = registry.now();
    const { activeFrom, probationUntil } = admitted(
      { objectionsUntil: row.objections_until!, decidedAt },
      registry.services.deadlines,
    );
    const admit = () =>
      updateParty(registry.db, fresh.id, { active: { from: activeFrom, probationUntil } });
    // Nobody but the panel.
    expect(await sqlState(admit())).toBe(violated);
  });

  test('nobody objects to itself, late, or without standing', async () => {
    const { harbour } = registry.parties;
    const [fresh, other] = [await newPlatform(registry), await newPlatform(registry)];
    expect(refusalOf(await object(other, fresh))).toBe('role-not-allowed');
    expect(refusalOf(await object(harbour, harbour))).toBe('state-conflict/own');
    registry.advance(14 * day + 1);
    expect(refusalOf(await object(harbour, fresh))).toBe('state-conflict/window-over');
    const insert = (by: TestPlatform, at: Date) =>
      registry.db
        .insertInto('objections')
        .values({ party: fresh.id, by_party: by.id, ground: 'registration-untrue', at })
        .execute();
    expect(await sqlState(insert(harbour, registry.now()))).toBe(violated);
    const within = new Date(registry.now().getTime() - 86_400_000);
    expect(await sqlState(insert(other, within))).toBe(violated);
    expect(await sqlState(insert(fresh, within))).toBe(violated);
  });

  test('the database takes no shorter window or probation, and no admission by itself', async () => {
    const fresh = await newPlatform(registry);
    const set = (text: string) =>
      sqlState(
        sql`update parties set ${sql.raw(text)} where id = ${fresh.id}`.execute(registry.db),
      );
    const shorter = `active_from = registered_at, probation_until = registered_at`;
    expect(await set(shorter)).toBe(violated);
    expect(await set(`active_from = null, probation_until = null`)).toBe(violated);
    expect(await set(`probation_until = active_from`)).toBe(violated);
    expect(await set(`objections_until = registered_at`)).toBe('42501');
    const row = { id: testId('plt', registry.now()), kind: 'platform' as const, name: 'Short' };
    const short = {
      ...row,
      registration: newRegistration(),
      registered_at: registry.now(),
      objections_until: registry.now(),
      active_from: registry.now(),
      probation_until: registry.now(),
    };
    const insert = insertParties(registry.db, [short]);
    expect(await sqlState(insert)).toBe(violated);
  });
});

describe('90 d probation', () => {
  let fresh: TestPlatform;
  beforeAll(async () => {
    fresh = await newPlatform(registry);
    registry.advance(15 * day);
  });

  test('held 7 d, also where the reason answers at once', async () => {
    const { sanction } = (await submit(fresh)).body.result;
    const holdHours = async () =>
      (await registry.call(fresh.service, 'sanctions.get', { sanction })).body.result.holdHours;
    expect(await holdHours()).toBe(168);
    const early = sql`update sanctions set notified_at = ${registry.now()},
      visible_from = ${new Date(registry.now().getTime() + 6.9 * day * 1000)} where id = ${sanction}`;
    expect(await sqlState(early.execute(registry.db))).toBe(violated);
    await registry.deliver(sanction);
    const { visibleFrom } = (await registry.call(fresh.service, 'sanctions.get', { sanction })).body
      .result;
    const held = (Date.parse(visibleFrom) - registry.now().getTime()) / 1000;
    expect(held).toBeGreaterThan(7 * day - 60);
    expect(held).toBeLessThanOrEqual(7 * day);
    expect(await holdHours()).toBeUndefined();
  });

  test('20 records a day, and no second holder makes it more', async () => {
    registry.advance(2 * day);
    const left = async () =>
      (await registry.call(fresh.service, 'parties.standing', {})).body.result.records;
    expect(await left()).toEqual({ limit: 20, left: 20, leftInProbation: 20 });
    for (let n = 0; n < 20; n++) expect(refusalOf(await submit(fresh))).toBe('200');
    expect(await left()).toEqual({ limit: 20, left: 0, leftInProbation: 0 });
    expect(refusalOf(await submit(fresh))).toBe('quota-exceeded/in-probation');
    const draft = await build(registry, { signedBy: fresh.trust });
    expect(refusalOf(await registry.call(fresh.service, 'sanctions.draft', draft))).toBe(
      'quota-exceeded/in-probation',
    );
    expect(await sqlState(insertRecord(fresh))).toBe(violated);
    registry.advance(day + 60);
    expect(refusalOf(await submit(fresh))).toBe('200');
  });

  test('a draft is confirmed within the day only', async () => {
    registry.advance(2 * day);
    const input = await build(registry, { signedBy: fresh.trust });
    const { sanction } = (await registry.call(fresh.service, 'sanctions.draft', input)).body.result;
    for (let n = 0; n < 20; n++) await submit(fresh);
    const confirm = () =>
      registry.call(fresh.trust2, 'sanctions.confirm', { sanctions: [sanction] });
    expect(refusalOf(await confirm())).toBe('quota-exceeded/in-probation');
    registry.advance(day + 60);
    expect(refusalOf(await confirm())).toBe('200');
  });

  test('the first 20 are sampled', async () => {
    const rows = await registry.db
      .selectFrom('sanctions')
      .select('id')
      .where('party', '=', fresh.id)
      .where('submitted_at', 'is not', null)
      .orderBy('submitted_at')
      .execute();
    expect(rows.length).toBeGreaterThan(20);
    const sampled = () =>
      findUnexamined(registry.db, { now: registry.now(), limit: 100, except: [] });
    expect(await sampled()).toEqual([]);
    const answering = registry.ownerDb.updateTable('sanctions').set({ visible_recorded: true });
    await answering.where('end_recorded', '=', false).execute();
    const first = rows.slice(0, 20).map(({ id }) => id);
    expect(first).toEqual(expect.arrayContaining(await sampled()));
    expect(await sampled()).not.toEqual([]);
  });

  test('is over after 90 d: the bucket is the usual one', async () => {
    registry.advance(90 * day);
    expect(await stateOf(fresh)).toBe('member');
    const { sanction } = (await submit(fresh)).body.result;
    const own = await registry.call(fresh.service, 'sanctions.get', { sanction });
    expect(own.body.result.holdHours).toBe(0);
    await registry.deliver(sanction);
    const answer = await registry.call(fresh.service, 'sanctions.get', { sanction });
    expect(Date.parse(answer.body.result.visibleFrom)).toBeLessThanOrEqual(
      registry.now().getTime() + 3 * day * 1000,
    );
  });
});

test('a check-only party submits nothing, and the database says so, too', async () => {
  const watcher = await newPlatform(registry, { checkOnly: true });
  registry.advance(15 * day);
  expect(refusalOf(await submit(watcher))).toBe('role-not-allowed');
  const draft = await build(registry, { signedBy: watcher.trust });
  expect(refusalOf(await registry.call(watcher.service, 'sanctions.draft', draft))).toBe(
    'role-not-allowed',
  );
  expect(await sqlState(insertRecord(watcher))).toBe(violated);
  expect(refusalOf(await evaluate(watcher.service))).toBe('200');
});
