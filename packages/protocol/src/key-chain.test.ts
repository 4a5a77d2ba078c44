import { beforeAll, describe, expect, test } from 'vitest';
import {
  bytes32,
  codeOf,
  holderA,
  holderB,
  mutations,
  nodeSigner,
  nodeVerifier,
  now,
  origin,
  platformA,
  platformB,
  privateKey,
} from '../tests/fixtures.ts';
import { artefactTypes, signCompact, type ArtefactType, type Signer } from './jws.ts';
import type { Entry } from './entries/index.ts';
import type { PublicJwk } from './jwk.ts';
import { holderSchema } from './roles.ts';
import {
  enrolmentSchema,
  keyStatementSchema,
  openEnrolment,
  partyKeysSchema,
  registryKeySchema,
  verifyKeyChain,
  type Enrolment,
  type KeyLink,
  type KeyStatement,
  type PartyKeys,
} from './key-chain.ts';

const root = nodeSigner(privateKey(1));
const admin = nodeSigner(privateKey(2, 'ES256'));
const service = nodeSigner(privateKey(3));
const stranger = nodeSigner(privateKey(4));

const enrolmentOf = (signer: Signer, change: Partial<Enrolment> = {}): Enrolment => ({
  aud: origin,
  role: 'trust',
  admin: true,
  use: 'sig',
  jwk: signer.publicJwk,
  iat: now,
  invite: bytes32(1),
  ...change,
});
const statementOf = (key: Signer, change: Partial<KeyStatement> = {}): KeyStatement => ({
  aud: origin,
  party: platformA,
  holder: holderB,
  role: 'service',
  admin: false,
  use: 'sig',
  jwk: key.publicJwk,
  iat: now,
  ...change,
});

/** Signatures alone make a chain: what the ledger has of it is read by whoever reads the ledger. */
const entry: Entry = { v: 1, type: 'key-added', at: '2026-03-01T12:00:00Z', detail: {} };
const at = (minute: number) => `2026-03-01T12:${String(minute).padStart(2, '0')}:00Z`;
async function rootLink(change: Partial<Enrolment> = {}, signer = root): Promise<KeyLink> {
  const statement = await signCompact(signer, 'recourse-enrol+jwt', enrolmentOf(signer, change));
  return { kid: signer.kid, statement, addedAt: at(0), entry };
}
async function link(
  key: Signer,
  by: Signer,
  change: Partial<KeyStatement> & { typ?: ArtefactType } = {},
): Promise<KeyLink> {
  const { typ = 'recourse-key+jwt', ...members } = change;
  const statement = await signCompact(by, typ, statementOf(key, members));
  return { kid: key.kid, statement, addedAt: at(2), entry };
}

const published = (keys: KeyLink[], change: Partial<PartyKeys> = {}): PartyKeys => ({
  party: platformA,
  enrolmentKid: root.kid,
  enrolmentHolder: holderA,
  keys,
  ...change,
});
const verify = (keys: PartyKeys, change: Partial<Parameters<typeof verifyKeyChain>[1]> = {}) =>
  verifyKeyChain(keys, { audience: origin, party: platformA, verify: nodeVerifier, ...change });

let rootKey: KeyLink;
let adminKey: KeyLink;
let serviceKey: KeyLink;
beforeAll(async () => {
  rootKey = await rootLink();
  adminKey = await link(admin, root, { admin: true, role: 'trust' });
  serviceKey = await link(service, admin);
});

describe('a chain back to the enrolment key', () => {
  test('is verified, with holders, roles and revocations', async () => {
    const revoked = { at: at(30), why: 'compromised', since: at(10), entry } as const;
    const keys = published([rootKey, adminKey, { ...serviceKey, revoked }]);
    expect(partyKeysSchema.parse(keys)).toEqual(keys);
    const chain = await verify(keys, { enrolmentKid: root.kid });
    expect([...chain.keys()]).toEqual([root.kid, admin.kid, service.kid]);
    expect(chain.get(root.kid)).toMatchObject({ holder: holderA, role: 'trust', admin: true });
    expect(chain.get(admin.kid)).toMatchObject({
      holder: holderB,
      jwk: admin.publicJwk,
      admin: true,
    });
    expect(chain.get(service.kid)).toMatchObject({ role: 'service', admin: false, revoked });
    expect(chain.get(root.kid)?.revoked).toBeUndefined();
  });

  test('is verified by the default verifier too', async () => {
    const keys = published([rootKey, adminKey, serviceKey]);
    expect((await verifyKeyChain(keys, { audience: origin, party: platformA })).size).toBe(3);
  });

  test.each<[string, () => Promise<PartyKeys>]>([
    [
      'a planted key with a statement of its own',
      async () => published([rootKey, await link(stranger, stranger)]),
    ],
    ['a planted root', async () => published([await rootLink({}, stranger)])],
    [
      'a planted root under the name of the right one',
      async () => published([{ ...(await rootLink({}, stranger)), kid: root.kid }]),
    ],
    [
      'a key signed by one that is no admin',
      async () => published([rootKey, adminKey, serviceKey, await link(stranger, service)]),
    ],
    [
      'a key signed by itself',
      async () => published([rootKey, await link(service, service, { admin: true })]),
    ],
    [
      'a key of another party',
      async () => published([rootKey, await link(service, root, { party: platformB })]),
    ],
    [
      'a key for another registry',
      async () => published([rootKey, await link(service, root, { aud: 'https://other.example' })]),
    ],
    [
      'a reviewer key of a platform',
      async () => published([rootKey, await link(service, root, { role: 'reviewer' })]),
    ],
    [
      'an operator key of a platform',
      async () => published([rootKey, await link(service, root, { role: 'operator' })]),
    ],
    [
      'an enrolment key with a reviewer role',
      async () => published([await rootLink({ role: 'reviewer' })]),
    ],
    [
      'an enrolment key that is no admin',
      async () => published([await rootLink({ admin: false })]),
    ],
    [
      'a key before the admin key that signed it',
      async () => published([rootKey, serviceKey, adminKey]),
    ],
    ['the same key twice', async () => published([rootKey, adminKey, adminKey])],
    [
      'the enrolment key once more by a statement',
      async () => published([rootKey, await link(root, root, { role: 'trust' })]),
    ],
    [
      'a kid that is not the key of the statement',
      async () => published([rootKey, { ...adminKey, kid: service.kid }]),
    ],
    [
      'another enrolment kid',
      async () => published([rootKey, adminKey], { enrolmentKid: admin.kid }),
    ],
    ['an empty list', async () => published([])],
    ['another party', async () => published([rootKey], { party: platformB })],
  ])('is broken by %s', async (_, keys) => {
    const offered = await keys();
    expect(await codeOf(() => verify(offered))).toBe('chain-broken');
  });

  test.each<[string, () => Promise<PartyKeys>, string]>([
    [
      'statements instead of the enrolment',
      async () => published([await link(root, root)]),
      'typ-mismatch',
    ],
    [
      'a planted key with an enrolment of its own',
      async () => published([rootKey, await rootLink({}, stranger)]),
      'typ-mismatch',
    ],
    ['the enrolment not first', async () => published([adminKey, rootKey]), 'typ-mismatch'],
    [
      'an enrolment for another registry',
      async () => published([await rootLink({ aud: 'https://x.example' })]),
      'audience-mismatch',
    ],
  ])('is broken by %s', async (_, keys, code) => {
    const offered = await keys();
    expect(await codeOf(() => verify(offered))).toBe(code);
  });

  test('a pinned enrolment key cannot be replaced with its whole chain', async () => {
    const other = published([await rootLink({}, stranger)], { enrolmentKid: stranger.kid });
    await verify(other);
    expect(await codeOf(() => verify(other, { enrolmentKid: root.kid }))).toBe('chain-broken');
  });

  test('a chain for another audience or party is refused', async () => {
    const keys = published([rootKey, adminKey]);
    expect(await codeOf(() => verify(keys, { audience: 'https://x.example' }))).toBe(
      'audience-mismatch',
    );
    expect(await codeOf(() => verify(keys, { party: platformB }))).toBe('chain-broken');
    const renamed = published([rootKey, adminKey], { party: platformB });
    expect(await codeOf(() => verify(renamed, { party: platformB }))).toBe('chain-broken');
  });

  test('a revoked admin key adds no key afterwards, and what it added before stays', async () => {
    const revoked = { at: at(1), why: 'compromised', entry } as const;
    const after = published([rootKey, { ...adminKey, revoked }, serviceKey]);
    expect(await codeOf(() => verify(after))).toBe('chain-broken');
    const before = { ...serviceKey, addedAt: '2026-03-01T12:00:59.999Z' };
    expect((await verify(published([rootKey, { ...adminKey, revoked }, before]))).size).toBe(3);
  });

  test('the panel has reviewers, the operator operators, and neither the other', async () => {
    for (const [party, role] of [
      ['panel', 'reviewer'],
      ['operator', 'operator'],
    ] as const) {
      const keys = published([await rootLink({ role })], { party });
      expect((await verify(keys, { party })).get(root.kid)?.role).toBe(role);
      const wrong = published([rootKey], { party });
      expect(await codeOf(() => verify(wrong, { party }))).toBe('chain-broken');
    }
  });

  test('a weak key is refused though an admin key signed it', async () => {
    const weak = {
      ...service,
      publicJwk: { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}` } as PublicJwk,
    };
    expect(await codeOf(async () => verify(published([rootKey, await link(weak, root)])))).toBe(
      'key-weak',
    );
  });

  test('any character changed in a statement of the chain is refused', async () => {
    const outcomes = [];
    for (const [i, original] of [rootKey, adminKey].entries()) {
      for (const statement of mutations(original.statement)) {
        const keys = [rootKey, adminKey];
        keys[i] = { ...original, statement };
        outcomes.push(await codeOf(() => verify(published(keys))));
      }
    }
    expect(outcomes.length).toBeGreaterThan(2000);
    expect(outcomes).not.toContain('nothing thrown');
  });
});

describe('enrolment', () => {
  const open = (compact: string) =>
    openEnrolment(compact, { audience: origin, verify: nodeVerifier });

  test('opens with the key that it carries', async () => {
    expect(await open(rootKey.statement)).toEqual(enrolmentOf(root));
  });

  test('is refused when another key signed it: no proof of possession', async () => {
    const stolen = await signCompact(stranger, 'recourse-enrol+jwt', enrolmentOf(root));
    expect(await codeOf(() => open(stolen))).toBe('kid-mismatch');
    const named = await signCompact(
      { ...stranger, kid: root.kid },
      'recourse-enrol+jwt',
      enrolmentOf(root),
    );
    expect(await codeOf(() => open(named))).toBe('signature-invalid');
  });

  test('is refused for a weak key, before its signature is looked at', async () => {
    const jwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}` };
    const compact = await signCompact(
      stranger,
      'recourse-enrol+jwt',
      enrolmentOf(stranger, { jwk }),
    );
    expect(await codeOf(() => open(compact))).toBe('key-weak');
  });

  test('is refused for another registry', async () => {
    const { statement } = await rootLink({ aud: 'https://other.example' });
    expect(await codeOf(() => open(statement))).toBe('audience-mismatch');
  });

  test.each(artefactTypes.filter((typ) => typ !== 'recourse-enrol+jwt'))(
    'no %s stands in for it, nor in a chain',
    async (typ) => {
      const compact = await signCompact(root, typ, enrolmentOf(root));
      expect(await codeOf(() => open(compact))).toBe('typ-mismatch');
      if (typ === 'recourse-key+jwt') return;
      const keys = [rootKey, await link(service, root, { typ })];
      expect(await codeOf(() => verify(published(keys)))).toBe('typ-mismatch');
    },
  );
});

describe('schemas of keys', () => {
  test('no statement carries a private key or an unknown member', () => {
    const jwk = privateKey(1);
    expect(keyStatementSchema.safeParse(statementOf(root)).success).toBe(true);
    for (const bad of [
      { ...statementOf(root), jwk },
      { ...statementOf(root), note: 'x' },
      { ...statementOf(root), use: 'enc' },
      { ...statementOf(root), party: 'plt_x' },
      { ...statementOf(root), holder: 'Ada' },
    ]) {
      expect(keyStatementSchema.safeParse(bad).success).toBe(false);
    }
    expect(enrolmentSchema.safeParse({ ...enrolmentOf(root), party: platformA }).success).toBe(
      false,
    );
  });

  test('a key of the registry has exactly one of the known uses', () => {
    const base = { aud: origin, jwk: root.publicJwk, iat: now };
    for (const use of ['log', 'receipt', 'set', 'token', 'event']) {
      expect(registryKeySchema.safeParse({ ...base, use }).success).toBe(true);
    }
    for (const use of ['sig', ['log', 'receipt'], undefined]) {
      expect(registryKeySchema.safeParse({ ...base, use }).success).toBe(false);
    }
  });

  test('holders are opaque ids', () => {
    expect(holderSchema.safeParse(holderA).success).toBe(true);
    for (const bad of [
      'Ada Lovelace',
      `${holderA}x`,
      holderA.toUpperCase(),
      platformA,
      `${holderA}\n`,
    ]) {
      expect(holderSchema.safeParse(bad).success).toBe(false);
    }
  });
});
