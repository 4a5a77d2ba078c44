import { hashText, toNumericDate, verifyKeyChain } from '@recourse/protocol';
import {
  buildSubmission,
  startTestRegistry,
  testId,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertEnd } from '../src/records/store.ts';
import { partyKeys } from '../src/parties/directory.ts';
import {
  addKey,
  beforeAudit,
  enrolmentBy,
  entriesOf,
  freshKey,
  refusalOf,
  statementBy,
  whileLocked,
} from './parties-fixtures.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const seconds = () => toNumericDate(registry.now());
const revoke = (by: TestKey, kid: string, since?: number) =>
  registry.call(by, 'keys.revoke', {
    kid,
    why: since === undefined ? 'retired' : 'compromised',
    ...(since === undefined ? {} : { since }),
  });

async function submit(signedBy: TestKey): Promise<string> {
  const submission = await buildSubmission({ signedBy, audience: testOrigin, now: registry.now() });
  const answer = await registry.call(signedBy, 'sanctions.submit', submission);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body.result.sanction;
}

const standing = async (by: TestKey, sanction: string) =>
  (await registry.call(by, 'sanctions.get', { sanction: sanction as `snc_${string}` })).body.result;

describe('a revoked key', () => {
  test('is inactive on every server, with the next call and with an older iat', async () => {
    const { admin } = registry.parties.harbour;
    const key = await addKey(registry, admin, { role: 'trust' });
    const other = registry.anotherServer();
    const before = await registry.sign(key, { op: 'sanctions.list', in: {}, iat: seconds() - 60 });
    await registry.send(
      'sanctions.list',
      await registry.sign(key, { op: 'sanctions.list', in: {} }),
      other,
    );
    expect(refusalOf(await revoke(admin, key.kid))).toBe('200');
    expect(refusalOf(await registry.call(key, 'sanctions.list', {}))).toBe('key-inactive');
    expect(refusalOf(await registry.send('sanctions.list', before))).toBe('key-inactive');
    const late = await registry.sign(key, { op: 'sanctions.list', in: {}, iat: seconds() - 100 });
    expect(refusalOf(await registry.send('sanctions.list', late, other))).toBe('key-inactive');
  });

  test('may be the one that signs its own revocation, and is inactive from then on', async () => {
    const { admin } = registry.parties.harbour;
    const key = await addKey(registry, admin, { role: 'trust', admin: true });
    expect((await revoke(key, key.kid)).status).toBe(200);
    expect(refusalOf(await registry.call(key, 'sanctions.list', {}))).toBe('key-inactive');
    expect(refusalOf(await revoke(key, admin.kid))).toBe('key-inactive');
  });

  test('is public, and signs for no key any more', async () => {
    const { admin, id } = registry.parties.harbour;
    const second = await addKey(registry, admin, { role: 'trust', admin: true });
    const key = await freshKey();
    const claims = { role: 'service', admin: false } as const;
    const holder = testId('hld', registry.now());
    const statement = await statementBy(registry, second, {
      ...claims,
      holder,
      jwk: key.signer.publicJwk,
    });
    const enrolment = await enrolmentBy(registry, key, { ...claims, invite: second.kid });
    const revoking = await registry.sign(admin, {
      op: 'keys.revoke',
      in: { kid: second.kid, why: 'retired' },
    });
    expect((await registry.send('keys.revoke', revoking)).status).toBe(200);
    const refused = await registry.call(admin, 'keys.add', { statement, enrolment });
    expect(refusalOf(refused)).toBe('invalid-input/signer');
    const entry = (await entriesOf(registry, 'key-revoked')).at(-1);
    const { kid, holder: whose } = second;
    const call = hashText(revoking);
    expect(entry?.detail).toEqual({ party: id, kid, holder: whose, why: 'retired', call });
    const published = (await partyKeys(registry.db, id))!.keys.find((key) => key.kid === kid)!;
    expect(published.revoked?.entry).toEqual(entry);
  });

  test('is not revoked twice, unless it turns out to have been stolen', async () => {
    const { admin, id } = registry.parties.harbour;
    const key = await addKey(registry, admin, { role: 'trust' });
    await revoke(admin, key.kid);
    const first = (await partyKeys(registry.db, id))!.keys.find(({ kid }) => kid === key.kid)!;
    expect(refusalOf(await revoke(admin, key.kid))).toBe('state-conflict/revoked');
    expect(refusalOf(await revoke(admin, key.kid, seconds() - 10))).toBe('200');
    const now = (await partyKeys(registry.db, id))!.keys.find(({ kid }) => kid === key.kid)!;
    expect(now.revoked).toMatchObject({ at: first.revoked!.at, why: 'compromised' });
    expect(refusalOf(await revoke(admin, key.kid, seconds() - 20))).toBe('state-conflict/revoked');
  });
});

describe('a revocation is refused', () => {
  test('of a key of another party, as of one that does not exist', async () => {
    const { harbour, tubely } = registry.parties;
    const theirs = await revoke(harbour.admin, tubely.trust.kid);
    const none = await revoke(harbour.admin, Buffer.alloc(32, 3).toString('base64url'));
    expect(theirs.status).toBe(404);
    expect(theirs.raw.body).toBe(none.raw.body);
    expect(refusalOf(await registry.call(tubely.trust, 'sanctions.list', {}))).toBe('200');
  });

  test('by a key that is no admin', async () => {
    const { trust, service } = registry.parties.tubely;
    expect(refusalOf(await revoke(trust, service.kid))).toBe('role-not-allowed');
  });

  test('of the last admin key', async () => {
    const { admin } = registry.parties.tubely;
    expect(refusalOf(await revoke(admin, admin.kid))).toBe('state-conflict/last-admin-key');
    expect(refusalOf(await revoke(admin, admin.kid, seconds()))).toBe(
      'state-conflict/last-admin-key',
    );
  });

  test('as compromised without since or with one to come, as retired with one', async () => {
    const { admin, service: key } = registry.parties.tubely;
    const call = (input: object) =>
      registry.call(admin, 'keys.revoke', { kid: key.kid, why: 'compromised', ...input });
    expect(refusalOf(await call({}))).toBe('invalid-input/required');
    expect(refusalOf(await call({ since: seconds() + 60 }))).toBe('invalid-input/in-the-future');
    expect(refusalOf(await call({ why: 'retired', since: 1 }))).toBe(
      'invalid-input/not-with-retired',
    );
  });
});

test('two admins who revoke each other at once leave one', async () => {
  const { admin, id } = registry.parties.market;
  const second = await addKey(registry, admin, { role: 'trust', admin: true });
  const answers = await whileLocked<TestAnswer[]>(registry, beforeAudit, () => [
    revoke(admin, second.kid),
    revoke(second, admin.kid),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const { keys } = (await partyKeys(registry.db, id))!;
  const live = keys.filter(({ kid, revoked }) => [admin.kid, second.kid].includes(kid) && !revoked);
  expect(live).toHaveLength(1);
});

test('a revocation and a key that its signer adds at the same time leave a chain that verifies', async () => {
  const { harbour } = registry.parties;
  for (let round = 0; round < 8; round++) {
    const signer = await addKey(registry, harbour.admin, { role: 'trust', admin: true });
    const key = await freshKey();
    const claims = { role: 'service', admin: false } as const;
    const holder = testId('hld', registry.now());
    const jwk = key.signer.publicJwk;
    const statement = await statementBy(registry, signer, { ...claims, holder, jwk });
    const enrolment = await enrolmentBy(registry, key, { ...claims, invite: signer.kid });
    const [added, revoked] = await Promise.all([
      registry.call(harbour.admin, 'keys.add', { statement, enrolment }),
      revoke(harbour.admin, signer.kid),
    ]);
    expect(revoked.status).toBe(200);
    expect(['200', 'invalid-input/signer']).toContain(refusalOf(added));
    const published = (await partyKeys(registry.db, harbour.id))!;
    const chain = await verifyKeyChain(published, { audience: testOrigin, party: harbour.id });
    expect(chain.has(key.signer.kid)).toBe(added.status === 200);
  }
});

test('a key is not dated after the revocation of its signer when the clocks of two servers differ', async () => {
  const { harbour } = registry.parties;
  const signer = await addKey(registry, harbour.admin, { role: 'trust', admin: true });
  const ahead = registry.anotherServer({
    ...registry.services,
    clock: () => new Date(registry.now().getTime() + 5_000),
  });
  const key = await freshKey();
  const claims = { role: 'service', admin: false } as const;
  const holder = testId('hld', registry.now());
  const statement = await statementBy(registry, signer, {
    ...claims,
    holder,
    jwk: key.signer.publicJwk,
  });
  const enrolment = await enrolmentBy(registry, key, { ...claims, invite: signer.kid });
  const call = await registry.sign(harbour.admin, { op: 'keys.add', in: { statement, enrolment } });
  expect(refusalOf(await registry.send('keys.add', call, ahead))).toBe('200');
  expect(refusalOf(await revoke(harbour.admin, signer.kid))).toBe('200');
  const published = (await partyKeys(registry.db, harbour.id))!;
  const chain = await verifyKeyChain(published, { audience: testOrigin, party: harbour.id });
  expect(chain.has(key.signer.kid)).toBe(true);
});

describe('what a revoked key signed', () => {
  test('counts when the key was retired', async () => {
    const { admin } = registry.parties.tubely;
    const key = await addKey(registry, admin, { role: 'trust' });
    const sanction = await submit(key);
    const answer = await revoke(admin, key.kid);
    expect(answer.body.result.suspended).toBe(0);
    expect(await standing(admin, sanction)).toMatchObject({ state: 'held', version: 1 });
  });

  test('is suspended from since on when it was stolen, and earlier records stand', async () => {
    const { admin, trust2 } = registry.parties.tubely;
    const key = await addKey(registry, admin, { role: 'trust' });
    const earlier = await submit(key);
    registry.advance(10);
    const since = seconds();
    const [one, two] = [await submit(key), await submit(key)];
    const anothers = await submit(trust2);
    // What an administrator is shown before they sign.
    const signedBy = { kid: key.kid, since };
    const shown = await registry.call(admin, 'keys.list', { signedBy });
    expect(shown.body.result.signed).toBe(2);
    const { admin: stranger } = registry.parties.harbour;
    expect(refusalOf(await registry.call(stranger, 'keys.list', { signedBy }))).toBe('not-found');
    const jti = 'r'.repeat(30);
    const stolen = { kid: key.kid, why: 'compromised', since } as const;
    const answer = await registry.call(admin, 'keys.revoke', stolen, { jti });
    expect(answer.body.result.suspended).toBe(2);
    for (const sanction of [one, two]) {
      expect(await standing(admin, sanction)).toMatchObject({ state: 'suspended', version: 2 });
    }
    for (const sanction of [earlier, anothers]) {
      expect(await standing(admin, sanction)).toMatchObject({ state: 'held', version: 1 });
    }
    // Openings of several cases are not kept in one answer: they are read apart.
    expect(answer.body.changes).toEqual({ count: 3, root: expect.any(String) });
    const { changes } = (await registry.call(admin, 'calls.changes', { jti })).body.result;
    expect(changes.map((o: { entry: { type: string } }) => o.entry.type)).toEqual([
      'key-revoked',
      'sanction-suspended',
      'sanction-suspended',
    ]);
  });

  test('owes a pause by every platform that was told of it', async () => {
    const { tubely, market, harbour } = registry.parties;
    const key = await addKey(registry, tubely.admin, { role: 'trust' });
    const since = seconds();
    const sanction = await submit(key);
    const platforms = [market.id, harbour.id].sort((a, b) => (a < b ? -1 : 1));
    await registry.db
      .insertInto('disclosures')
      .values(platforms.map((party) => ({ sanction, party, version: 1, at: registry.now() })))
      .execute();
    await revoke(tubely.admin, key.kid, since);
    const recalls = await registry.db
      .selectFrom('recalls')
      .select(['party', 'kind', 'version'])
      .where('sanction', '=', sanction)
      .orderBy('party')
      .execute();
    expect(recalls).toEqual(platforms.map((party) => ({ party, kind: 'pause', version: 2 })));
    const entry = (await entriesOf(registry, 'sanction-suspended')).at(-1);
    expect(entry).toMatchObject({ cause: 'early', recalls: { count: 2 } });
  });

  test('that ended before stays as it ended', async () => {
    const { admin } = registry.parties.tubely;
    const key = await addKey(registry, admin, { role: 'trust' });
    const since = seconds();
    const sanction = await submit(key);
    await insertEnd(registry.db, {
      sanction,
      kind: 'withdrawn',
      cause: 'error',
      at: registry.now(),
      by_party: admin.party,
      artefact: null,
    });
    expect((await revoke(admin, key.kid, since)).body.result.suspended).toBe(0);
  });

  test('is suspended when it was on its way as the key was revoked', async () => {
    const { admin } = registry.parties.tubely;
    const key = await addKey(registry, admin, { role: 'trust' });
    const since = seconds() - 1;
    const [sanction, revoked] = await whileLocked<[string, TestAnswer]>(
      registry,
      beforeAudit,
      async () => {
        const submitted = submit(key);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return [submitted, revoke(admin, key.kid, since)];
      },
    );
    expect(revoked.body.result.suspended).toBe(1);
    expect(await standing(admin, sanction)).toMatchObject({ state: 'suspended' });
  });

  test('is refused or suspended, however a submission and the revocation race', async () => {
    const { admin } = registry.parties.tubely;
    for (let round = 0; round < 5; round++) {
      const key = await addKey(registry, admin, { role: 'trust' });
      const since = seconds() - 1;
      const submissions = Array.from({ length: 4 }, () => submit(key).catch(() => undefined));
      const [revoked, ...made] = await Promise.all([revoke(admin, key.kid, since), ...submissions]);
      const recorded = made.filter((sanction) => sanction !== undefined);
      expect(revoked.body.result.suspended).toBe(recorded.length);
      for (const sanction of recorded) {
        expect(await standing(admin, sanction)).toMatchObject({ state: 'suspended' });
      }
    }
  });
});
