import { inviteKey, toNumericDate, verifyKeyChain, type Role } from '@recourse/protocol';
import {
  addedKey,
  insertHolder,
  insertKey,
  random32,
  startTestRegistry,
  testId,
  testOrigin,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partyKeys } from '../src/parties/directory.ts';
import {
  addKey,
  enrol,
  enrolmentBy,
  entriesOf,
  freshKey,
  invite,
  refusalOf,
  statementBy,
  type FreshKey,
} from './parties-fixtures.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const holderId = () => testId('hld', registry.now());
const verify = async (party: string) =>
  verifyKeyChain((await partyKeys(registry.db, party))!, { audience: testOrigin, party });

/** A statement with a proof of possession bound to the admin key that signed it. */
async function direct(
  by: TestKey,
  person: { role: Role; admin?: boolean; holder?: string; boundTo?: string; key?: FreshKey },
) {
  const key = person.key ?? (await freshKey());
  const { role, admin = false, holder = holderId() } = person;
  const statement = await statementBy(registry, by, {
    holder,
    role,
    admin,
    jwk: key.signer.publicJwk,
  });
  const proof = { invite: person.boundTo ?? by.kid, role, admin };
  return { statement, enrolment: await enrolmentBy(registry, key, proof), key, holder };
}
const add = (by: TestKey, input: { statement: string; enrolment?: string }) =>
  registry.call(by, 'keys.add', {
    statement: input.statement,
    ...(input.enrolment === undefined ? {} : { enrolment: input.enrolment }),
  });

describe('an added key', () => {
  test('is active with the answer, verifies to the root, and is public', async () => {
    const { harbour } = registry.parties;
    const key = await addKey(registry, harbour.admin, { role: 'trust' });
    expect(refusalOf(await registry.call(key, 'sanctions.list', {}))).toBe('200');
    expect((await verify(harbour.id)).get(key.kid)).toMatchObject({
      holder: key.holder,
      role: 'trust',
    });
    const entry = (await entriesOf(registry, 'key-added')).at(-1);
    expect(entry?.detail).toMatchObject({
      party: harbour.id,
      kid: key.kid,
      statement: key.statement,
    });
    const link = (await partyKeys(registry.db, harbour.id))!.keys.at(-1);
    expect(link?.entry).toEqual(entry);
  });

  test('leaves the list of those that wait', async () => {
    const { admin } = registry.parties.harbour;
    const key = await addKey(registry, admin, { role: 'service' });
    const { keys, waiting } = (await registry.call(admin, 'keys.list', {})).body.result;
    expect(keys.map((link: { kid: string }) => link.kid)).toContain(key.kid);
    expect(JSON.stringify(waiting)).not.toContain(key.kid);
  });

  test('by a second admin verifies too, whoever carries the call', async () => {
    const { tubely } = registry.parties;
    const second = await addKey(registry, tubely.admin, { role: 'trust', admin: true });
    const { statement, enrolment, key } = await direct(second, { role: 'service' });
    expect(refusalOf(await add(tubely.admin, { statement, enrolment }))).toBe('200');
    expect((await verify(tubely.id)).has(key.signer.kid)).toBe(true);
  });

  test('is added once, whoever asks at the same time', async () => {
    const { admin, id } = registry.parties.tubely;
    const proven = await direct(admin, { role: 'service' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => add(admin, proven)));
    const outcomes = answers.map(refusalOf).sort();
    expect(outcomes).toEqual([
      '200',
      ...Array.from({ length: 7 }, () => 'state-conflict/key-known'),
    ]);
    expect((await verify(id)).has(proven.key.signer.kid)).toBe(true);
  });

  test('has a place of its own in the chain when many are added at once', async () => {
    const { admin, id } = registry.parties.market;
    const proven = await Promise.all(
      Array.from({ length: 6 }, () => direct(admin, { role: 'service' })),
    );
    const answers = await Promise.all(proven.map((input) => add(admin, input)));
    expect(answers.map(refusalOf)).toEqual(proven.map(() => '200'));
    const positions = (await entriesOf(registry, 'key-added'))
      .filter(({ detail }) => detail['party'] === id)
      .map(({ detail }) => detail['position']);
    expect(new Set(positions).size).toBe(positions.length);
    expect((await verify(id)).size).toBe(4 + proven.length);
  });
});

describe('a key statement is refused', () => {
  test('when its signer is no admin', async () => {
    const { admin, trust } = registry.parties.harbour;
    const input = await direct(trust, { role: 'trust' });
    expect(refusalOf(await add(admin, input))).toBe('invalid-input/signer');
  });

  test('when its signer is an admin of another party', async () => {
    const { harbour, tubely } = registry.parties;
    const input = await direct({ ...tubely.admin, party: harbour.id }, { role: 'trust' });
    expect(refusalOf(await add(harbour.admin, input))).toBe('invalid-input/signer');
  });

  test('when it is for another party or another registry', async () => {
    const { harbour, tubely } = registry.parties;
    const key = await freshKey();
    const enrolment = await enrolmentBy(registry, key, {
      invite: harbour.admin.kid,
      role: 'trust',
      admin: false,
    });
    const claims = {
      holder: holderId(),
      role: 'trust',
      admin: false,
      jwk: key.signer.publicJwk,
    } as const;
    const theirs = await statementBy(registry, { ...harbour.admin, party: tubely.id }, claims);
    const other = await statementBy(registry, harbour.admin, {
      ...claims,
      aud: 'https://other.test',
    });
    const outcomes = [theirs, other].map(async (statement) =>
      refusalOf(await add(harbour.admin, { statement, enrolment })),
    );
    expect(await Promise.all(outcomes)).toEqual([
      'invalid-input/another-party',
      'invalid-input/audience-mismatch',
    ]);
  });

  test('when its signature is not that of the admin it names', async () => {
    const { admin, trust } = registry.parties.harbour;
    const forged = { ...admin, signer: { ...trust.signer, kid: admin.kid } };
    const input = await direct(forged, { role: 'trust' });
    expect(refusalOf(await add(admin, input))).toBe('invalid-input/signature-invalid');
  });

  test('when a platform would hold a reviewer key', async () => {
    const { admin } = registry.parties.harbour;
    for (const role of ['reviewer', 'operator'] as const) {
      expect(refusalOf(await add(admin, await direct(admin, { role })))).toBe('invalid-input/role');
    }
  });

  test('when nobody proved to possess the key', async () => {
    const { admin } = registry.parties.harbour;
    const { statement } = await direct(admin, { role: 'trust' });
    expect(refusalOf(await add(admin, { statement }))).toBe('invalid-input/required');
  });

  test('when the proof is of another key, or bound to another admin or to an invite', async () => {
    const { harbour, tubely } = registry.parties;
    const { admin } = harbour;
    const { statement } = await direct(admin, { role: 'trust' });
    const { enrolment } = await direct(admin, { role: 'trust' });
    expect(refusalOf(await add(admin, { statement, enrolment }))).toBe('invalid-input/another-key');
    for (const boundTo of [tubely.admin.kid, inviteKey(random32())]) {
      const bound = await direct(admin, { role: 'trust', boundTo });
      expect(refusalOf(await add(admin, bound))).toBe('invalid-input/bound-elsewhere');
    }
  });

  test('when it gives another role or more rights than were proven or invited', async () => {
    const { admin } = registry.parties.harbour;
    const key = await freshKey();
    const { statement } = await direct(admin, { role: 'trust', admin: true, key });
    const { enrolment } = await direct(admin, { role: 'trust', key });
    expect(refusalOf(await add(admin, { statement, enrolment }))).toBe(
      'invalid-input/not-as-stated',
    );
    const invited = await enrol(registry, await invite(registry, admin, { role: 'trust' }));
    const claims = {
      holder: invited.holder,
      role: 'trust',
      jwk: invited.key.signer.publicJwk,
    } as const;
    const raised = await statementBy(registry, admin, { ...claims, admin: true });
    expect(refusalOf(await add(admin, { statement: raised }))).toBe('invalid-input/not-as-invited');
  });

  test('when it gives a waiting key to another person than was invited', async () => {
    const { admin, trust } = registry.parties.harbour;
    const { key } = await enrol(registry, await invite(registry, admin, { role: 'trust' }));
    const claims = { holder: trust.holder, role: 'trust', admin: false } as const;
    const statement = await statementBy(registry, admin, { ...claims, jwk: key.signer.publicJwk });
    expect(refusalOf(await add(admin, { statement }))).toBe('invalid-input/not-as-invited');
  });

  test('when the key waits in another party', async () => {
    const { harbour, tubely } = registry.parties;
    const { key } = await enrol(registry, await invite(registry, tubely.admin, { role: 'trust' }));
    const input = await direct(harbour.admin, { role: 'trust', key });
    expect(refusalOf(await add(harbour.admin, input))).toBe('state-conflict/key-known');
  });

  test('when its holder belongs to another party', async () => {
    const { harbour, tubely } = registry.parties;
    const input = await direct(harbour.admin, { role: 'trust', holder: tubely.trust.holder });
    expect(refusalOf(await add(harbour.admin, input))).toBe('not-found');
  });

  test('when the panel would seat somebody whom the operator did not invite', async () => {
    const [chair, member] = registry.parties.panel;
    expect(refusalOf(await add(chair, await direct(chair, { role: 'reviewer' })))).toBe(
      'not-found',
    );
    const sitting = await direct(chair, { role: 'reviewer', holder: member.holder });
    expect(refusalOf(await add(member, sitting))).toBe('200');
    const unnamed = { invite: random32(), role: 'reviewer', admin: false } as const;
    expect(refusalOf(await registry.call(chair, 'people.invite', unnamed))).toBe(
      'invalid-input/required',
    );
  });
});

test('a key that the operator planted in the database breaks the chain for everybody', async () => {
  const { harbour, operator } = registry.parties;
  await verify(harbour.id);
  const seed = { db: registry.ownerDb, audience: testOrigin, now: registry.now() };
  const by = { ...operator[0], party: harbour.id };
  const planted = await addedKey({ ...seed, party: harbour.id, role: 'trust', admin: false, by });
  await insertHolder(seed, planted);
  await insertKey(seed, planted, 1000);
  await expect(verify(harbour.id)).rejects.toMatchObject({ code: 'chain-broken' });
  await registry.ownerDb.deleteFrom('keys').where('kid', '=', planted.kid).execute();
  expect((await verify(harbour.id)).size).toBeGreaterThan(0);
});

test('keys are listed for admins only, and for their own party', async () => {
  const { harbour, tubely } = registry.parties;
  expect(refusalOf(await registry.call(harbour.trust, 'keys.list', {}))).toBe('role-not-allowed');
  const { keys } = (await registry.call(harbour.admin, 'keys.list', {})).body.result;
  expect(keys[0].kid).toBe(harbour.admin.kid);
  expect(JSON.stringify(keys)).not.toContain(tubely.admin.kid);
  expect(toNumericDate(new Date(keys[0].addedAt))).toBeLessThanOrEqual(
    toNumericDate(registry.now()),
  );
});
