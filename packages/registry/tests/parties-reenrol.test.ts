import { inviteKey, verifyKeyChain, type Id } from '@recourse/protocol';
import {
  random32,
  startTestRegistry,
  testOrigin,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listParties, partyKeys } from '../src/parties/directory.ts';
import { enrol, entriesOf, problemOf, refusalOf } from './parties-fixtures.ts';
import { askedByDomain, byBoth, newPlatform, platformId } from './parties-operator-fixtures.ts';
import { sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const day = 86_400;

const reenrol = (platform: TestPlatform, invite: string) =>
  byBoth(registry, 'platforms.reenrol', { party: platformId(platform), invite });

async function announced() {
  const platform = await newPlatform(registry);
  const { code, invite } = await askedByDomain(registry, platform.id);
  const answer = await reenrol(platform, invite);
  expect([answer.status, answer.body.result.state]).toEqual([200, 'executed']);
  return { platform, code, invite };
}

const anew = (code: string) => enrol(registry, { code, role: 'trust', admin: true });

const entryOf = async (party: string) =>
  (await listParties(registry.db, registry.now())).find((one) => one.party === party);

const chainOf = async (party: string) => {
  const keys = await partyKeys(registry.db, party);
  const chain = await verifyKeyChain(keys!, { audience: testOrigin, party });
  return { keys: keys!, chain };
};

describe('a platform that lost its admin key', () => {
  test('gets a new first key seven days after everybody could read of it', async () => {
    const { platform, code } = await announced();
    expect(await entryOf(platform.id)).toMatchObject({
      reenrolment: { announcedAt: expect.any(String), effectiveAt: expect.any(String) },
    });
    const [entry] = (await entriesOf(registry, 'party-reenrol-announced')).slice(-1);
    expect(entry?.detail).toMatchObject({ party: platform.id, invite: inviteKey(code) });
    registry.advance(7 * day - 60);
    expect(await problemOf(anew(code))).toBe('state-conflict');
    registry.advance(60);
    const { kid, state } = await anew(code);
    expect(state).toBe('active');
    const { chain, keys } = await chainOf(platform.id);
    expect(chain.get(kid)).toMatchObject({ admin: true });
    expect(keys.enrolmentKid).toBe(platform.admin.kid);
    expect((await entryOf(platform.id))?.reenrolment).toBeUndefined();
  });

  test('has no other key left then, and what they signed counts as of retired ones', async () => {
    const { platform, code } = await announced();
    registry.advance(7 * day);
    const before = (await entriesOf(registry, 'key-revoked')).length;
    const { kid } = await anew(code);
    const rows = await registry.db
      .selectFrom('keys')
      .select(['kid', 'revoked_why', 'compromised_since'])
      .where('party', '=', platform.id)
      .execute();
    for (const row of rows) {
      expect(row).toMatchObject(
        row.kid === kid
          ? { revoked_why: null }
          : { revoked_why: 'retired', compromised_since: null },
      );
    }
    expect((await entriesOf(registry, 'key-revoked')).length - before).toBe(rows.length - 1);
    const late = await registry.call(platform.service, 'sanctions.list', {});
    expect(refusalOf(late)).toBe('key-inactive');
  });

  test('keeps them where any of them says so in time, even one without rights', async () => {
    const { platform, code } = await announced();
    expect(refusalOf(await registry.call(platform.service, 'parties.standing', {}))).toBe('200');
    const standing = await registry.call(platform.service, 'parties.standing', {});
    expect(standing.body.result.reenrolment).toMatchObject({ effectiveAt: expect.any(String) });
    const answer = await registry.call(platform.service, 'parties.keepKeys', {});
    expect(refusalOf(answer)).toBe('200');
    const [entry] = (await entriesOf(registry, 'party-reenrol-stopped')).slice(-1);
    expect(entry?.detail).toMatchObject({ party: platform.id, by: platform.service.holder });
    registry.advance(8 * day);
    expect(await problemOf(anew(code))).toBe('invite-invalid');
    expect(refusalOf(await registry.call(platform.service, 'sanctions.list', {}))).toBe('200');
    const again = await registry.call(platform.service, 'parties.keepKeys', {});
    expect(refusalOf(again)).toBe('state-conflict/not-announced');
  });

  test('is given new ones only where its own domain asks for it', async () => {
    const platform = await newPlatform(registry);
    const invite = inviteKey(random32());
    const [operator] = registry.parties.operator;
    const input = { party: platformId(platform), invite };
    const refused = await registry.call(operator, 'platforms.reenrol', input);
    expect(refusalOf(refused)).toBe('control-not-proven/no-txt-record');
  });

  test('is announced by two people, once', async () => {
    const platform = await newPlatform(registry);
    const { invite } = await askedByDomain(registry, platform.id);
    const [first] = registry.parties.operator;
    const input = { party: platformId(platform), invite };
    await registry.call(first, 'platforms.reenrol', input);
    const alone = await registry.call(first, 'platforms.reenrol', input);
    expect(alone.body.result.state).toBe('proposed');
    expect((await entryOf(platform.id))?.reenrolment).toBeUndefined();
    await reenrol(platform, invite);
    const other = await askedByDomain(registry, platform.id);
    expect(refusalOf(await reenrol(platform, other.invite))).toBe('state-conflict/announced');
  });

  test('whose code nobody used in two weeks has to ask anew', async () => {
    const { platform, code } = await announced();
    registry.advance(14 * day);
    expect(await problemOf(anew(code))).toBe('invite-invalid');
    expect((await entryOf(platform.id))?.reenrolment).toBeUndefined();
    const next = await askedByDomain(registry, platform.id);
    expect((await reenrol(platform, next.invite)).body.result.state).toBe('executed');
  });
});

describe('in the database', () => {
  test('no new first key comes sooner than seven days, nor after it was stopped', async () => {
    const { platform, invite } = await announced();
    const at = registry.now();
    const change = (set: object) =>
      sqlState(
        registry.db.updateTable('reenrolments').set(set).where('invite', '=', invite).execute(),
      );
    expect(await change({ kid: platform.admin.kid, enrolled_at: at })).toBe('23514');
    const sooner = registry.db
      .insertInto('reenrolments')
      .values({
        invite: inviteKey(random32()),
        party: platform.id as Id<'plt'>,
        holder: platform.admin.holder,
        call: 'x',
        announced_at: at,
        effective_at: new Date(at.getTime() + 6 * day * 1000),
        lapses_at: new Date(at.getTime() + 9 * day * 1000),
        entry: '{}',
        stopped_at: null,
        stopped_by: null,
        kid: null,
        enrolled_at: null,
      })
      .execute();
    expect(await sqlState(sooner)).toBe('23514');
    await registry.call(platform.trust, 'parties.keepKeys', {});
    expect(await change({ stopped_at: null, stopped_by: null })).toBe('23514');
    expect(await change({ effective_at: at })).toBe('42501');
  });
});
