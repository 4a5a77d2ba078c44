import { inviteKey, partyKind, verifyKeyChain } from '@recourse/protocol';
import { random32, startTestRegistry, testOrigin, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partyKeys } from '../src/parties/directory.ts';
import {
  enrol,
  enrolmentBy,
  enrolRaw,
  entriesOf,
  freshKey,
  invite,
  problemOf,
  refusalOf,
  whileLocked,
} from './parties-fixtures.ts';
import { register } from './parties-operator-fixtures.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

describe('the first admin of a party', () => {
  test('is active at once, and the root of its chain in the public log', async () => {
    const { party, code } = await register(registry);
    const enrolled = await enrol(registry, { code, role: 'trust', admin: true });
    expect(enrolled).toMatchObject({ party, state: 'active' });
    const published = await partyKeys(registry.db, party);
    expect(published).toMatchObject({
      enrolmentKid: enrolled.kid,
      enrolmentHolder: enrolled.holder,
    });
    const chain = await verifyKeyChain(published!, { audience: testOrigin, party });
    expect([...chain.keys()]).toEqual([enrolled.kid]);
    const entry = (await entriesOf(registry, 'key-added')).at(-1);
    expect(entry?.detail).toMatchObject({ party, kid: enrolled.kid, position: 0, admin: true });
    expect(entry?.detail['statement']).toBe(published?.keys[0]?.statement);
  });

  test('is one: a second invite of an admin waits for the first', async () => {
    const { party, code } = await register(registry);
    const root = await enrol(registry, { code, role: 'trust', admin: true });
    const { key, holder } = root;
    const by = {
      party,
      holder,
      role: 'trust',
      admin: true,
      kid: root.kid,
      ...key,
      statement: '',
    } as const;
    const second = await enrol(
      registry,
      await invite(registry, by, { role: 'trust', admin: true }),
    );
    expect(second.state).toBe('awaiting-admin');
    expect((await partyKeys(registry.db, party))!.keys).toHaveLength(1);
  });
});

test('an enrolled key that no admin key stated is not known', async () => {
  const { admin } = registry.parties.harbour;
  const { key, holder, kid } = await enrol(
    registry,
    await invite(registry, admin, { role: 'trust' }),
  );
  const caller = { ...admin, ...key, holder, kid, role: 'trust', admin: false } as const;
  expect(refusalOf(await registry.call(caller, 'sanctions.list', {}))).toBe('unknown-key');
  const { result } = (await registry.call(admin, 'keys.list', {})).body;
  expect(result.waiting.map((waiting: { kid: string }) => waiting.kid)).toContain(kid);
});

describe('an invite', () => {
  const invited = () => invite(registry, registry.parties.harbour.admin, { role: 'service' });

  test('works once: twenty redemptions at once are one enrolment', async () => {
    const { code, holder } = await invited();
    const claims = { invite: inviteKey(code), role: 'service', admin: false } as const;
    const enrolments = await Promise.all(
      Array.from({ length: 20 }, async () => enrolmentBy(registry, await freshKey(), claims)),
    );
    const { id } = registry.parties.harbour;
    const lock = `select id from parties where id = '${id}' for update`;
    const answers = await whileLocked<string[]>(registry, lock, () =>
      enrolments.map((enrolment) => problemOf(enrolRaw(registry, { code, enrolment }))),
    );
    expect(answers.filter((answer) => answer === 'none')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'invite-invalid')).toHaveLength(19);
    const rows = await registry.db
      .selectFrom('enrolments')
      .select('kid')
      .where('holder', '=', holder)
      .execute();
    expect(rows).toHaveLength(1);
  });

  test('that is wrong, used or expired gets one and the same answer', async () => {
    const used = await invited();
    await enrol(registry, used);
    const expired = await invited();
    registry.advance(7 * 86_400 + 1);
    const wrong = { ...expired, code: random32() };
    const bodies = await Promise.all(
      [used, expired, wrong].map((invite) =>
        enrol(registry, invite).then(
          () => 'none',
          (error: { message: string; cause: object }) =>
            JSON.stringify([error.message, error.cause, { ...error.cause }]),
        ),
      ),
    );
    expect(bodies[0]).toContain('invite-invalid');
    expect(new Set(bodies).size).toBe(1);
  });

  test('is stored hashed', async () => {
    const { code } = await invited();
    const rows = await registry.db.selectFrom('invites').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(rows.map((row) => row.code_hash)).toContain(inviteKey(code));
  });

  test('of a refused enrolment can be used again', async () => {
    const made = await invited();
    const asAdmin = enrol(registry, { ...made, admin: true });
    expect(await problemOf(asAdmin)).toBe('invalid-input');
    expect((await enrol(registry, made)).state).toBe('awaiting-admin');
  });

  test('cannot be for a role that its party does not have', async () => {
    const { harbour, operator, panel } = registry.parties;
    for (const by of [harbour.admin, operator[0], panel[0]]) {
      const others = (['service', 'reviewer', 'operator'] as const).filter(
        (role) => !(partyKind(by.party) === 'platform' ? role === 'service' : role === by.role),
      );
      for (const role of others) {
        const input = { invite: random32(), role, admin: false };
        const refused = await registry.call(by, 'people.invite', input);
        expect(refusalOf(refused)).toBe('invalid-input/not-of-this-party');
      }
    }
  });

  test('is made by admins only, for holders of their own party only', async () => {
    const { harbour, tubely } = registry.parties;
    const input = { invite: random32(), role: 'trust', admin: false } as const;
    expect(refusalOf(await registry.call(harbour.trust, 'people.invite', input))).toBe(
      'role-not-allowed',
    );
    const holder = tubely.trust.holder as `hld_${string}`;
    const theirs = await registry.call(harbour.admin, 'people.invite', { ...input, holder });
    expect(refusalOf(theirs)).toBe('not-found');
  });

  test('has a hash of its own', async () => {
    const { harbour, tubely } = registry.parties;
    const input = { invite: random32(), role: 'trust', admin: false } as const;
    expect(refusalOf(await registry.call(harbour.admin, 'people.invite', input))).toBe('200');
    expect(refusalOf(await registry.call(tubely.admin, 'people.invite', input))).toBe(
      'state-conflict/used',
    );
  });
});

describe('a proof of possession', () => {
  const proofs = {
    'for another code': { invite: inviteKey(random32()) },
    'for another registry': { aud: 'https://other.test' },
    'of another role': { role: 'trust' },
    'of an admin': { admin: true },
  } as const;
  test.each(Object.entries(proofs))('%s is refused', async (_, claims) => {
    const { code } = await invite(registry, registry.parties.tubely.admin, { role: 'service' });
    const bound = { invite: inviteKey(code), role: 'service', admin: false } as const;
    const enrolment = await enrolmentBy(registry, await freshKey(), { ...bound, ...claims });
    expect(await problemOf(enrolRaw(registry, { code, enrolment }))).toBe('invalid-input');
  });

  test('of a key that somebody else holds is refused', async () => {
    const { code } = await invite(registry, registry.parties.tubely.admin, { role: 'service' });
    const [thief, victim] = [await freshKey(), await freshKey()];
    const claims = { invite: inviteKey(code), role: 'service', admin: false } as const;
    const enrolment = await enrolmentBy(registry, thief, {
      ...claims,
      jwk: victim.signer.publicJwk,
    });
    expect(await problemOf(enrolRaw(registry, { code, enrolment }))).toBe('invalid-input');
  });

  test('of a known key is refused, waiting or added, in whatever party', async () => {
    const { harbour, tubely } = registry.parties;
    const key = await freshKey();
    await enrol(registry, await invite(registry, harbour.admin, { role: 'trust' }), key);
    const again = await invite(registry, tubely.admin, { role: 'trust' });
    expect(await problemOf(enrol(registry, again, key))).toBe('state-conflict');
    expect(await problemOf(enrol(registry, again, harbour.service))).toBe('state-conflict');
    expect(await problemOf(enrol(registry, again))).toBe('none');
  });

  test('of a weak key is refused', async () => {
    const { code } = await invite(registry, registry.parties.tubely.admin, { role: 'service' });
    const claims = { invite: inviteKey(code), role: 'service', admin: false } as const;
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32).toString('base64url') } as const;
    const enrolment = await enrolmentBy(registry, await freshKey(), { ...claims, jwk });
    expect(await problemOf(enrolRaw(registry, { code, enrolment }))).toBe('invalid-input');
  });
});

test('somebody who was removed meanwhile cannot enrol', async () => {
  const made = await invite(registry, registry.parties.market.admin, { role: 'trust' });
  await registry.db
    .updateTable('holders')
    .set({ removed_at: registry.now() })
    .where('id', '=', made.holder)
    .execute();
  expect(await problemOf(enrol(registry, made))).toBe('invite-invalid');
});
