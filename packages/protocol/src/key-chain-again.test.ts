import { beforeAll, describe, expect, test } from 'vitest';
import {
  bytes32,
  codeOf,
  holderA,
  holderB,
  nodeSigner,
  nodeVerifier,
  now,
  origin,
  platformA,
  platformB,
  privateKey,
} from '../tests/fixtures.ts';
import type { Entry } from './entries/index.ts';
import { signCompact, type Signer } from './jws.ts';
import { partyKeysSchema, verifyKeyChain, type KeyLink, type PartyKeys } from './key-chain.ts';

const root = nodeSigner(privateKey(1));
const admin = nodeSigner(privateKey(2, 'ES256'));
const service = nodeSigner(privateKey(3));
const stranger = nodeSigner(privateKey(4));

const entry: Entry = { v: 1, type: 'key-added', at: '2026-03-01T12:00:00Z', detail: {} };
const addedAt = '2026-03-01T12:00:00Z';
const stated = { aud: origin, role: 'trust', admin: true, use: 'sig', iat: now } as const;

async function rootLink(invite = bytes32(1), signer = root): Promise<KeyLink> {
  const payload = { ...stated, jwk: signer.publicJwk, invite };
  const statement = await signCompact(signer, 'recourse-enrol+jwt', payload);
  return { kid: signer.kid, statement, addedAt, entry };
}
async function link(key: Signer, by: Signer): Promise<KeyLink> {
  const payload = { ...stated, party: platformA, holder: holderB, jwk: key.publicJwk };
  const statement = await signCompact(by, 'recourse-key+jwt', payload);
  return { kid: key.kid, statement, addedAt, entry };
}

const published = (keys: KeyLink[], change: Partial<PartyKeys> = {}): PartyKeys => ({
  party: platformA,
  enrolmentKid: root.kid,
  enrolmentHolder: holderA,
  keys,
  ...change,
});
const verify = (keys: PartyKeys) =>
  verifyKeyChain(keys, {
    audience: origin,
    party: platformA,
    enrolmentKid: root.kid,
    verify: nodeVerifier,
  });

let rootKey: KeyLink;
let adminKey: KeyLink;
beforeAll(async () => {
  rootKey = await rootLink();
  adminKey = await link(admin, root);
});

describe('a first key that came after others', () => {
  const announcedAt = '2026-03-02T12:00:00Z';
  const effectiveAt = '2026-03-09T12:00:00.000Z';
  const revoked = { at: effectiveAt, why: 'retired', entry } as const;
  const announced = (change: Record<string, string> = {}): Entry => ({
    v: 1,
    type: 'party-reenrol-announced',
    at: announcedAt,
    detail: {
      party: platformA,
      holder: holderB,
      invite: bytes32(9),
      effectiveAt,
      call: bytes32(2),
      ...change,
    },
  });
  const newRoot = async (at = '2026-03-09T12:00:00Z'): Promise<KeyLink> => ({
    ...(await rootLink(bytes32(9), stranger)),
    addedAt: at,
  });
  const again = (entryOfIt = announced()) => ({
    reenrolments: [{ kid: stranger.kid, holder: holderB, announced: entryOfIt }],
  });
  const lost = (): KeyLink[] => [
    { ...rootKey, revoked },
    { ...adminKey, revoked },
  ];

  test('is verified by what announced it, and signs for others', async () => {
    const signed = { ...(await link(service, stranger)), addedAt: '2026-03-10T12:00:00Z' };
    const keys = published([...lost(), await newRoot(), signed], again());
    expect(partyKeysSchema.parse(keys)).toEqual(keys);
    const chain = await verify(keys);
    expect(chain.get(stranger.kid)).toMatchObject({ holder: holderB, admin: true });
    expect(chain.get(service.kid)?.signer).toBe(stranger.kid);
  });

  test('is refused where nothing announced it', async () => {
    const keys = published([...lost(), await newRoot()]);
    expect(await codeOf(() => verify(keys))).toBe('typ-mismatch');
  });

  test.each<[string, () => Promise<PartyKeys>]>([
    [
      'sooner than seven days',
      async () => published([...lost(), await newRoot('2026-03-09T11:59:59Z')], again()),
    ],
    [
      'after an announcement that gave less than seven days',
      async () =>
        published(
          [...lost(), await newRoot()],
          again(announced({ effectiveAt: '2026-03-08T12:00:00.000Z' })),
        ),
    ],
    [
      'by the invite of another announcement',
      async () => published([...lost(), await newRoot()], again(announced({ invite: bytes32(8) }))),
    ],
    [
      'by the announcement of another party',
      async () => published([...lost(), await newRoot()], again(announced({ party: platformB }))),
    ],
    [
      'by an entry of another kind',
      async () =>
        published(
          [...lost(), await newRoot()],
          again({ ...announced(), type: 'party-left' } as Entry),
        ),
    ],
    [
      'while a key of before is live',
      async () => published([rootKey, { ...adminKey, revoked }, await newRoot()], again()),
    ],
  ])('is refused %s', async (_name, keys) => {
    expect(await codeOf(async () => verify(await keys()))).toBe('chain-broken');
  });
});
