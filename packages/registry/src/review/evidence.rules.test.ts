import { generateKeyPairSync } from 'node:crypto';
import { Problem, toBase64url, utf8 } from '@recourse/protocol';
import { expect, test } from 'vitest';
import {
  assertEncryption,
  assertOnCurve,
  evidenceStates,
  isSealedTo,
  missingItems,
  type DeliveryFacts,
} from './evidence.rules.ts';

const item = { class: 'platform-logs' as const, commitment: 'c' };
const delivery = (of: Partial<DeliveryFacts> = {}): DeliveryFacts => ({
  item: 0,
  round: 0,
  sealed_to: ['a'],
  held: true,
  rejected_why: null,
  disputed: false,
  ...of,
});
const missing = (deliveries: DeliveryFacts[], kids = ['a']): number[] =>
  missingItems(evidenceStates([item], { deliveries, kids }));

test('delivered is what every reviewer with a key can open', () => {
  expect(missing([])).toEqual([0]);
  expect(missing([delivery()])).toEqual([]);
  expect(missing([delivery()], ['a', 'b'])).toEqual([0]);
  expect(missing([delivery({ sealed_to: ['a', 'b'] })], ['b'])).toEqual([]);
  expect(missing([delivery()], [])).toEqual([0]);
});

test('what was rejected or replaced is missing until it comes again', () => {
  const rejected = delivery({ held: false, rejected_why: 'illegal-media' });
  expect(missing([rejected])).toEqual([0]);
  expect(missing([delivery({ held: false })])).toEqual([0]);
  expect(missing([rejected, delivery({ round: 1 })])).toEqual([]);
  expect(missing([delivery(), { ...rejected, round: 1 }])).toEqual([0]);
});

test('sealed to all of them and to nobody else', () => {
  expect(isSealedTo(['a', 'b'], ['b', 'a'])).toBe(true);
  for (const recipients of [['a'], ['a', 'a'], ['a', 'b', 'a'], ['a', 'b', 'c'], ['a', 'c'], []]) {
    expect([recipients, isSealedTo(recipients, ['a', 'b'])]).toEqual([recipients, false]);
  }
});

test('an item is told with its class, its commitment, and why it was rejected or is disputed', () => {
  const states = (deliveries: DeliveryFacts[]) =>
    evidenceStates([item, { ...item, commitment: 'd' }], { deliveries, kids: ['a'] });
  const [first, second] = [
    { item: 0, class: 'platform-logs', commitment: 'c' },
    { item: 1, class: 'platform-logs', commitment: 'd' },
  ];
  expect(states([delivery()])).toEqual([
    { ...first, delivered: true },
    { ...second, delivered: false },
  ]);
  expect(states([delivery({ item: 1, disputed: true })])).toEqual([
    { ...first, delivered: false },
    { ...second, delivered: true, disputed: true },
  ]);
  expect(states([delivery({ held: false, rejected_why: 'mismatch' })])).toEqual([
    { ...first, delivered: false, rejected: 'mismatch' },
    { ...second, delivered: false },
  ]);
});

test('the last round counts, in whatever order deliveries are read', () => {
  const gone = delivery({ held: false });
  expect(missing([delivery({ round: 2 }), { ...gone, round: 1 }])).toEqual([]);
  expect(missing([{ ...gone, round: 2 }, delivery({ round: 1 })])).toEqual([0]);
  expect(missing([gone, delivery({ round: 2 }), { ...gone, round: 1 }])).toEqual([]);
});

/** What becomes of a delivery with these bytes as its protected header, in base64url. */
const refusal = (header: string): unknown =>
  refusalOf(() => assertEncryption({ protected: header }));
const refusalOf = (assert: () => void): unknown => {
  try {
    assert();
    return 'accepted';
  } catch (error) {
    return error instanceof Problem ? error.issues : error;
  }
};
const unknown = [{ path: 'jwe.protected', code: 'unknown-encryption' }];

test('evidence is encrypted by the one cipher that reviewers open', () => {
  for (const header of ['{"enc":"A256GCM"}', ' { "enc" : "A256GCM" }\n']) {
    expect(refusal(toBase64url(utf8(header)))).toBe('accepted');
  }
});

test.each([
  ['a compressed payload, which would unfold at the reviewer', '{"enc":"A256GCM","zip":"DEF"}'],
  ['another cipher', '{"enc":"A128CBC-HS256"}'],
  ['a member twice', '{"enc":"A256GCM","enc":"A256GCM"}'],
  ['the cipher of a key', '{"alg":"A256GCM"}'],
  ['no member', '{}'],
  ['a list', '["enc"]'],
  ['a text', '"A256GCM"'],
  ['nothing', 'null'],
  ['no JSON', 'enc=A256GCM'],
])('evidence is refused whose header is %s', (_, header) => {
  expect(refusal(toBase64url(utf8(header)))).toEqual(unknown);
});

test('evidence is refused whose header is no base64url', () => {
  expect(refusal('*')).toEqual(unknown);
});

test('nothing is sealed to a point outside the curve: half of the exchange would leak', () => {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  });
  const key = { kty: 'EC', crv: 'P-256', x: x!, y: y! } as const;
  expect(refusalOf(() => assertOnCurve(key, 'claim.key'))).toBe('accepted');
  const outside = { ...key, y: x! };
  expect(refusalOf(() => assertOnCurve(outside, 'claim.key'))).toEqual([
    { path: 'claim.key', code: 'key-invalid' },
  ]);
});
