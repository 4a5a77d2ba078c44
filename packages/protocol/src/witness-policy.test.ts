import { encodeVerifierKey, keyId, parseVerifierKey, type VerifierKey } from '@recourse/ledger';
import { describe, expect, test } from 'vitest';
import { nodeSigner, platformA, platformB, privateKey } from '../tests/fixtures.ts';
import { fromBase64url, toBase64url } from './bytes.ts';
import { jcs } from './json.ts';
import { hashText } from './hash.ts';
import {
  majorityOf,
  policyFingerprint,
  toWitnessPolicy,
  witnessKeySchema,
  witnessPolicySchema,
  type LoggedWitnessPolicy,
} from './witness-policy.ts';

function keyOf(seed: number, name: string, type: VerifierKey['type'] = 'cosignature'): string {
  const { publicJwk } = nodeSigner(privateKey(seed));
  if (publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  return encodeVerifierKey({ name, type, publicKey: fromBase64url(publicJwk.x) });
}

const [a, b, c] = [1, 2, 3].map((n) => keyOf(n, `w${n}.example/witness`)) as [
  string,
  string,
  string,
];
const policy: LoggedWitnessPolicy = {
  threshold: 2,
  witnesses: [
    { party: platformA, key: a },
    { party: platformB, key: b },
    { party: 'panel', key: c },
  ],
};

test('a threshold is more than half of the witnesses, and none without witnesses', () => {
  expect([0, 1, 2, 3, 4, 5, 32].map(majorityOf)).toEqual([0, 1, 2, 2, 3, 3, 17]);
});

test('a policy is pinned by the hash of its canonical form', () => {
  expect(policyFingerprint(policy)).toBe(hashText(jcs(policy)));
  expect(policyFingerprint({ threshold: 0, witnesses: [] })).toBe(
    'zMDamSJAKamzrapNBPKCqNqfyAL8F-NMD_J4JcnGlLk',
  );
});

test('a logged policy becomes one that checkpoints are verified under', () => {
  const log = parseVerifierKey(keyOf(9, 'registry.example/ledger', 'ed25519'));
  expect(toWitnessPolicy(log, policy)).toEqual({
    log,
    threshold: 2,
    witnesses: [a, b, c].map(parseVerifierKey),
  });
});

describe('the key of a witness', () => {
  test('is one that cosigns', () => {
    expect(witnessKeySchema.safeParse(a).success).toBe(true);
  });

  const point = Uint8Array.of(1, ...Array<number>(31).fill(0));
  const id = keyId({ name: 'w', type: 'cosignature', publicKey: point });
  const material = Buffer.concat([Uint8Array.of(4), point]).toString('base64');
  const weak = `w+${id.toString(16).padStart(8, '0')}+${material}`;
  const changed = (key: string, id: string): string => key.replace(/\+[0-9a-f]{8}\+/, `+${id}+`);
  test.each([
    ['of a log', keyOf(1, 'w1.example/witness', 'ed25519')],
    ['with the id of another', changed(a, '00000000')],
    ['with an id in capitals', changed(a, 'ABCDEF01')],
    ['with a name that turns the direction of text', keyOf(1, 'w1\u202e.example')],
    ['with a name of other letters', keyOf(1, 'wé.example')],
    ['with a name of a page', keyOf(1, 'w'.repeat(121))],
    ['with a point of small order', weak],
    ['that is empty', ''],
    ['with another text after it', `${a}\n`],
  ])('is refused: %s', (_, key) => {
    expect(witnessKeySchema.safeParse(key).success).toBe(false);
  });
});

describe('a policy', () => {
  const refused = (change: object): boolean =>
    !witnessPolicySchema.safeParse({ ...policy, ...change }).success;
  const [first, second, third] = policy.witnesses as [
    LoggedWitnessPolicy['witnesses'][0],
    LoggedWitnessPolicy['witnesses'][0],
    LoggedWitnessPolicy['witnesses'][0],
  ];

  test('of several parties, or of none, is one', () => {
    expect(refused({})).toBe(false);
    expect(refused({ threshold: 0, witnesses: [] })).toBe(false);
  });

  test.each([
    ['another threshold', { threshold: 1 }],
    ['no threshold', { threshold: 0 }],
    ['a party twice', { witnesses: [first, second, { ...third, party: platformA }] }],
    [
      'a name twice',
      { witnesses: [first, second, { ...third, key: keyOf(7, 'w1.example/witness') }] },
    ],
    [
      'a public key under two names',
      { witnesses: [first, second, { ...third, key: keyOf(1, 'w9') }] },
    ],
    ['the operator', { witnesses: [first, second, { ...third, party: 'operator' }] }],
  ])('with %s is refused', (_, change) => {
    expect(refused(change)).toBe(true);
  });

  test('of more than 32 witnesses is refused', () => {
    const witnesses = Array.from({ length: 33 }, (_, n) => ({
      party: `plt_${String(n).padStart(26, '0')}` as const,
      key: keyOf(n + 1, `w${n}`),
    }));
    const policyOf = (n: number) => ({
      threshold: majorityOf(n),
      witnesses: witnesses.slice(0, n),
    });
    expect([refused(policyOf(32)), refused(policyOf(33))]).toEqual([false, true]);
  });
});

test('base64url of a fingerprint is canonical', () => {
  const fingerprint = policyFingerprint(policy);
  expect(toBase64url(fromBase64url(fingerprint))).toBe(fingerprint);
});
