import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  bytes32,
  codeOf,
  holderA,
  mutations,
  nodeSigner,
  nodeVerifier,
  now,
  origin,
  platformA,
  platformB,
  privateKey,
  signRaw,
} from '../tests/fixtures.ts';
import {
  admitCall,
  signCall,
  type AdmitOptions,
  type CallPayload,
  type KeyRecord,
} from './call.ts';
import { artefactTypes, signCompact } from './jws.ts';

const signer = nodeSigner(privateKey(1));
const record: KeyRecord = {
  kid: signer.kid,
  jwk: signer.publicJwk,
  party: platformA,
  holder: holderA,
  role: 'trust',
  admin: false,
  activeFrom: new Date((now - 86_400) * 1000),
};
const payload: CallPayload = {
  iss: platformA,
  aud: origin,
  iat: now,
  exp: now + 120,
  jti: 'a'.repeat(22),
  op: 'sanctions.get',
  in: { sanction: 'x' },
};
const at = (seconds: number) => new Date(seconds * 1000);

const admit = (compact: string, change: Partial<AdmitOptions> = {}) =>
  admitCall(compact, {
    audience: origin,
    now: at(now),
    lookup: (kid) => (kid === record.kid ? record : undefined),
    verify: nodeVerifier,
    ...change,
  });
const admitPayload = async (change: Record<string, unknown>, options: Partial<AdmitOptions> = {}) =>
  admit(await signCompact(signer, 'recourse-call+jwt', { ...payload, ...change }), options);
const refusal = (change: Record<string, unknown>, options: Partial<AdmitOptions> = {}) =>
  codeOf(() => admitPayload(change, options));

test('a call that passes every check is authenticated, with H over its bytes', async () => {
  const compact = await signCall(signer, payload);
  const call = await admit(compact);
  expect(call).toEqual({
    key: record,
    payload,
    compact,
    hash: createHash('sha256').update(compact).digest('base64url'),
  });
});

test('a P-256 key is admitted too, by the default verifier, with a look-up that takes time', async () => {
  const ec = nodeSigner(privateKey(2, 'ES256'));
  const key: KeyRecord = { ...record, kid: ec.kid, jwk: ec.publicJwk };
  const options = { audience: origin, now: at(now), lookup: async () => key };
  expect((await admitCall(await signCall(ec, payload), options)).key).toBe(key);
});

test('any character of a call changed or left out is refused', async () => {
  const compact = await signCall(signer, payload);
  const outcomes = [];
  for (const changed of mutations(compact)) outcomes.push(await codeOf(() => admit(changed)));
  expect(outcomes.length).toBe(compact.length * 3);
  expect(outcomes).not.toContain('nothing thrown');
});

test('the body of one call with the signature of another is refused', async () => {
  const one = await signCall(signer, payload);
  const two = await signCall(signer, { ...payload, jti: 'b'.repeat(22) });
  const mixed = one.slice(0, one.lastIndexOf('.')) + two.slice(two.lastIndexOf('.'));
  expect(await codeOf(() => admit(mixed))).toBe('bad-signature');
});

test.each(artefactTypes.filter((typ) => typ !== 'recourse-call+jwt'))(
  '%s is no call, whatever its payload says',
  async (typ) => {
    expect(await codeOf(async () => admit(await signCompact(signer, typ, payload)))).toBe(
      'malformed-call',
    );
  },
);

test('a kid that collides in the store with another key is refused', async () => {
  const other: KeyRecord = { ...record, jwk: nodeSigner(privateKey(5)).publicJwk };
  expect(await refusal({}, { lookup: () => other })).toBe('bad-signature');
});

describe('the clock', () => {
  const aged = (age: number) => refusal({}, { now: at(now + age) });

  test.each([-10, -9.5, 0, 119, 120])('a call %d s old is admitted', async (age) => {
    expect(await aged(age)).toBe('nothing thrown');
  });

  test.each([-3600, -11, -10.001, 120.001, 121, 86_400])(
    'a call %d s old is refused',
    async (age) => {
      expect(await aged(age)).toBe('clock-skew');
    },
  );

  test('the refusal tells the time of the registry', async () => {
    const late = admitPayload({}, { now: at(now + 121) });
    await expect(late).rejects.toMatchObject({ code: 'clock-skew', serverTime: at(now + 121) });
  });

  test.each([1, 60, 120])('a life of %d s is allowed', async (life) => {
    expect(await refusal({ exp: now + life })).toBe('nothing thrown');
  });

  test.each([121, 3600, 0, -1])('a life of %d s is refused', async (life) => {
    expect(await refusal({ exp: now + life })).toBe('malformed-call');
  });

  test('a call is refused once its replay is no longer remembered, exp + 10 s', async () => {
    const aged = (age: number) => refusal({ exp: now + 5 }, { now: at(now + age) });
    expect([await aged(15), await aged(15.5), await aged(16)]).toEqual([
      'nothing thrown',
      'clock-skew',
      'clock-skew',
    ]);
  });
});

describe('the key', () => {
  const withKey = (change: Partial<KeyRecord>, members = {}) =>
    refusal(members, { lookup: () => ({ ...record, ...change }) });

  test('is active from its second on', async () => {
    expect(await withKey({ activeFrom: at(now + 0.9) })).toBe('nothing thrown');
    expect(await withKey({ activeFrom: at(now + 1) })).toBe('key-inactive');
  });

  test('revoked a second ago is refused, and an iat before the revocation does not help', async () => {
    expect(await withKey({ revokedAt: at(now - 1) })).toBe('key-inactive');
    expect(await withKey({ revokedAt: at(now - 1) }, { iat: now - 60, exp: now + 60 })).toBe(
      'key-inactive',
    );
  });

  test('speaks for its own party alone', async () => {
    expect(await refusal({ iss: platformB })).toBe('bad-signature');
    expect(await withKey({ party: platformB })).toBe('bad-signature');
    expect(await refusal({ iss: 'operator' })).toBe('bad-signature');
  });
});

test.each(['https://other.example', `${origin}/`, 'http://registry.example', `${origin}:443`, ''])(
  'addressed to %j, a call is refused',
  async (aud) => {
    expect(await refusal({ aud })).toBe('wrong-audience');
  },
);

describe('the payload is strict', () => {
  test.each<[string, Record<string, unknown>]>([
    ['an unknown member', { admin: true }],
    ['no jti', { jti: undefined }],
    ['a jti of 21', { jti: 'a'.repeat(21) }],
    ['a jti of 65', { jti: 'a'.repeat(65) }],
    ['a jti with a line end', { jti: `${'a'.repeat(22)}\n` }],
    ['a jti with a space', { jti: `${'a'.repeat(21)} ` }],
    ['no in', { in: undefined }],
    ['an array as in', { in: [] }],
    ['null as in', { in: null }],
    ['a string as in', { in: '{}' }],
    ['an array as aud', { aud: [origin] }],
    ['an iat with a fraction', { iat: now + 0.5 }],
    ['an iat as text', { iat: String(now) }],
    ['an empty idem', { idem: '' }],
    ['an idem of 256', { idem: 'x'.repeat(256) }],
    ['an op of 65', { op: 'x'.repeat(65) }],
    ['a checkpoint without root', { cp: { size: 1 } }],
    ['a checkpoint of negative size', { cp: { size: -1, root: bytes32(1) } }],
    ['a checkpoint with more', { cp: { size: 1, root: bytes32(1), x: 1 } }],
  ])('refused: %s', async (_, change) => {
    expect(await refusal(change)).toBe('malformed-call');
  });

  test('the longest of everything is admitted', async () => {
    const cp = { size: 0, root: bytes32(1) };
    const longest = { jti: 'a_-Z'.repeat(16), idem: 'x'.repeat(255), op: 'x'.repeat(64), cp };
    expect((await admitPayload(longest)).payload).toMatchObject(longest);
  });

  const header = JSON.stringify({ alg: 'Ed25519', typ: 'recourse-call+jwt', kid: signer.kid });
  const json = JSON.stringify(payload);
  test.each<[string, string]>([
    ['op twice', json.replace('"op":', '"op":"checks.owed","op":')],
    ['op twice, once escaped', json.replace('"op":', '"\\u006fp":"checks.owed","op":')],
    ['a duplicate inside in', json.replace('"sanction":"x"', '"sanction":"x","sanction":"y"')],
    ['__proto__ inside in', json.replace('"sanction":"x"', '"sanction":"x","__proto__":{"a":1}')],
    ['17 levels', json.replace('"x"', `${'['.repeat(15)}${']'.repeat(15)}`)],
    ['an array', `[${json}]`],
    ['a lone surrogate', json.replace('"x"', '"\\ud800"')],
    ['a byte order mark', `\ufeff${json}`],
  ])('refused: %s', async (_, text) => {
    expect(text).not.toBe(json);
    expect(await codeOf(async () => admit(await signRaw(signer, header, text)))).toBe(
      'malformed-call',
    );
  });
});

describe('the order of the checks of section 1: the first failure decides', () => {
  interface Attempt {
    header: Record<string, unknown>;
    payload: Record<string, unknown>;
    key: KeyRecord | undefined;
    lifetime: number;
    duplicate: boolean;
    badSignature: boolean;
    suffix: string;
  }
  const fresh = (): Attempt => ({
    header: { alg: 'Ed25519', typ: 'recourse-call+jwt', kid: signer.kid },
    payload: { ...payload },
    key: record,
    lifetime: 120,
    duplicate: false,
    badSignature: false,
    suffix: '',
  });
  const faults: [name: string, outcome: string, apply: (attempt: Attempt) => void][] = [
    ['canonical form', 'malformed-call/base64url-invalid', (a) => (a.suffix = '==')],
    ['header', 'malformed-call/header-invalid', (a) => (a.header['crit'] = [])],
    ['kid known', 'unknown-key', (a) => (a.key = undefined)],
    ['alg of the key', 'bad-signature', (a) => (a.header['alg'] = 'ES256')],
    ['signature', 'bad-signature/signature-invalid', (a) => (a.badSignature = true)],
    ['strict JSON', 'malformed-call/json-invalid', (a) => (a.duplicate = true)],
    ['typ', 'malformed-call/typ-mismatch', (a) => (a.header['typ'] = 'recourse-claim+jwt')],
    ['members', 'malformed-call/undefined', (a) => (a.payload['x'] = 1)],
    ['aud', 'wrong-audience', (a) => (a.payload['aud'] = 'https://other.example')],
    ['iss owns kid', 'bad-signature', (a) => (a.payload['iss'] = platformB)],
    ['key active', 'key-inactive', (a) => (a.key = a.key && { ...a.key, revokedAt: at(now - 1) })],
    ['lifetime', 'malformed-call', (a) => (a.lifetime = 121)],
    ['clock', 'clock-skew', (a) => (a.payload['iat'] = now - 121)],
  ];

  async function outcomeOf(attempt: Attempt): Promise<string> {
    attempt.payload['exp'] = Number(attempt.payload['iat']) + attempt.lifetime;
    const json = JSON.stringify(attempt.payload);
    const by = attempt.badSignature ? { ...signer, sign: () => new Uint8Array(64) } : signer;
    const text = attempt.duplicate ? json.replace('{', '{"iat":0,') : json;
    const compact = (await signRaw(by, JSON.stringify(attempt.header), text)) + attempt.suffix;
    try {
      await admit(compact, { lookup: () => attempt.key });
    } catch (error) {
      const { code, cause } = error as { code: string; cause?: { code?: string } };
      return cause ? `${code}/${cause.code}` : code;
    }
    return 'nothing thrown';
  }

  test('without a fault it is admitted', async () => {
    expect(await outcomeOf(fresh())).toBe('nothing thrown');
  });

  const pairs = faults.flatMap((first, i) => faults.slice(i).map((second) => ({ first, second })));
  test.each(pairs)('$first.0 before $second.0', async ({ first, second }) => {
    const attempt = fresh();
    second[2](attempt);
    first[2](attempt);
    expect(await outcomeOf(attempt)).toBe(first[1]);
  });

  test('all at once', async () => {
    for (let i = 0; i < faults.length; i++) {
      const attempt = fresh();
      for (const [, , apply] of faults.slice(i)) apply(attempt);
      expect(await outcomeOf(attempt)).toBe(faults[i]?.[1]);
    }
  });
});
