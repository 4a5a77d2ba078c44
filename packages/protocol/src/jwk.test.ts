import { createHash, createPublicKey, verify } from 'node:crypto';
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, test } from 'vitest';
import { codeOf, privateKey, reversed } from '../tests/fixtures.ts';
import { fromBase64url, toBase64url, utf8 } from './bytes.ts';
import {
  algOf,
  assertStrongKey,
  privateJwkOf,
  publicJwkSchema,
  publicPart,
  thumbprint,
} from './jwk.ts';
import type { PublicJwk } from './jwk.ts';

const edwards = (x: string): PublicJwk => ({ kty: 'OKP', crv: 'Ed25519', x });
const fromHex = (hex: string): PublicJwk => edwards(Buffer.from(hex, 'hex').toString('base64url'));

/** The encodings of points of small order that RFC 8032 does not allow, and lenient decoders read. */
const nonCanonical = [
  ['y = p, read as 0', `ed${'ff'.repeat(30)}7f`],
  ['y = p with the sign bit', `ed${'ff'.repeat(31)}`],
  ['y = p + 1, read as 1', `ee${'ff'.repeat(30)}7f`],
  ['y = p + 1 with the sign bit', `ee${'ff'.repeat(31)}`],
  ['y = 1 with the sign bit of x = 0', `01${'00'.repeat(30)}80`],
  ['y = -1 with the sign bit of x = 0', `ec${'ff'.repeat(31)}`],
];

describe('thumbprint (RFC 7638)', () => {
  test('vector of RFC 8037, appendix A.3', () => {
    expect(thumbprint(edwards('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'))).toBe(
      'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    );
  });

  test('agrees with jose on P-256', async () => {
    const { calculateJwkThumbprint } = await import('jose');
    const jwk = publicPart(privateKey(1, 'ES256'));
    expect(thumbprint(jwk)).toBe(await calculateJwkThumbprint(jwk));
  });

  test('covers the public members only, whatever else the object holds', () => {
    const jwk = privateKey(1);
    expect(thumbprint(Object.assign({ kid: 'x', use: 'sig' }, jwk))).toBe(
      thumbprint(publicPart(jwk)),
    );
    expect(publicPart(jwk)).not.toHaveProperty('d');
    expect(publicPart(privateKey(1, 'ES256'))).not.toHaveProperty('d');
  });

  test('each coordinate counts', () => {
    const { x, y } = privateKey(1, 'ES256') as PublicJwk & { kty: 'EC' };
    const swapped: PublicJwk = { kty: 'EC', crv: 'P-256', x: y, y: x };
    expect(thumbprint(swapped)).not.toBe(thumbprint({ kty: 'EC', crv: 'P-256', x, y }));
  });
});

test('a key has one algorithm', () => {
  expect(algOf(privateKey(1))).toBe('Ed25519');
  expect(algOf(privateKey(1, 'ES256'))).toBe('ES256');
});

describe('the schema of a public key', () => {
  const okp = publicPart(privateKey(1));
  const ec = publicPart(privateKey(1, 'ES256')) as PublicJwk & { kty: 'EC' };

  test('reads Ed25519 and P-256', () => {
    expect(publicJwkSchema.parse(okp)).toEqual(okp);
    expect(publicJwkSchema.parse(ec)).toEqual(ec);
  });

  test.each<[string, unknown]>([
    ['a private key', privateKey(1)],
    ['a kid of its own', { ...okp, kid: 'x' }],
    ['an alg of its own', { ...okp, alg: 'none' }],
    ['a symmetric key', { kty: 'oct', k: okp.x }],
    ['RSA', { kty: 'RSA', n: okp.x, e: 'AQAB' }],
    ['X25519', { ...okp, crv: 'X25519' }],
    ['Ed448', { ...okp, crv: 'Ed448' }],
    ['P-384', { ...ec, crv: 'P-384' }],
    ['secp256k1', { ...ec, crv: 'secp256k1' }],
    ['31 bytes', { ...okp, x: toBase64url(new Uint8Array(31)) }],
    ['33 bytes', { ...okp, x: toBase64url(new Uint8Array(33)) }],
    ['non-zero trailing bits', { ...okp, x: `${'A'.repeat(42)}B` }],
    ['padding', { ...okp, x: `${okp.x}=` }],
    ['no y', { kty: 'EC', crv: 'P-256', x: ec.x }],
  ])('refuses %s', (_, jwk) => {
    expect(publicJwkSchema.safeParse(jwk).success).toBe(false);
  });
});

describe('strong keys', () => {
  test('keys as they are generated pass', () => {
    for (let seed = 1; seed < 30; seed++) {
      expect(() => assertStrongKey(publicPart(privateKey(seed)))).not.toThrow();
      expect(() => assertStrongKey(publicPart(privateKey(seed, 'ES256')))).not.toThrow();
    }
  });

  test('the eight points of small order are refused', async () => {
    expect(new Set(ED25519_TORSION_SUBGROUP).size).toBe(8);
    for (const hex of ED25519_TORSION_SUBGROUP) {
      expect(await codeOf(() => assertStrongKey(fromHex(hex)))).toBe('key-weak');
    }
  });

  test.each(nonCanonical)('non-canonical encodings are refused: %s', async (_, hex) => {
    expect(await codeOf(() => assertStrongKey(fromHex(hex)))).toBe('key-invalid');
  });

  test('a good key plus any point of small order is refused', async () => {
    const good = ed25519.Point.fromBytes(fromBase64url(privateKey(1).x));
    for (const hex of ED25519_TORSION_SUBGROUP) {
      const torsion = ed25519.Point.fromHex(hex);
      const mixed = edwards(toBase64url(good.add(torsion).toBytes()));
      const code = await codeOf(() => assertStrongKey(mixed));
      expect(code).toBe(torsion.is0() ? 'nothing thrown' : 'key-weak');
    }
  });

  test('y beyond the curve and x that is no root are refused', async () => {
    for (const hex of ['02'.padEnd(64, '0'), 'ff'.repeat(32)]) {
      expect(await codeOf(() => assertStrongKey(fromHex(hex)))).toBe('key-invalid');
    }
  });

  test('why: a lenient verifier takes one constant signature of a small-order key for every message', () => {
    const identity = `01${'00'.repeat(31)}`;
    const signature = Buffer.from(identity + '00'.repeat(32), 'hex');
    const key = Buffer.from(identity, 'hex');
    for (const message of ['withdraw everything', 'submit anything']) {
      expect(ed25519.verify(signature, utf8(message), key, { zip215: true })).toBe(true);
    }
  });

  test('why: on a signature of a key with torsion node:crypto and a cofactored verifier disagree', () => {
    const torsion = ed25519.Point.fromHex(ED25519_TORSION_SUBGROUP[1] ?? '');
    const { key, sign } = signerWithTorsion(privateKey(1).d, torsion);
    const nodeKey = createPublicKey({ key: { ...edwards(toBase64url(key)) }, format: 'jwk' });
    const verdicts = Array.from({ length: 64 }, (_, i) => {
      const message = utf8(`message ${i}`);
      const signature = sign(message);
      expect(ed25519.verify(signature, message, key, { zip215: true })).toBe(true);
      return verify(null, message, nodeKey, signature);
    });
    expect(verdicts).toContain(false);
  });

  test('P-256 points off the curve, beyond the field and at zero are refused', async () => {
    const { x, y } = privateKey(1, 'ES256') as PublicJwk & { kty: 'EC' };
    const field = Buffer.from(
      'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
      'hex',
    ).toString('base64url');
    const zero = toBase64url(new Uint8Array(32));
    for (const [px, py] of [
      [y, x],
      [x, zero],
      [zero, zero],
      [field, y],
      [x, field],
      [x, toBase64url(new Uint8Array(32).fill(255))],
    ] as const) {
      const code = await codeOf(() => assertStrongKey({ kty: 'EC', crv: 'P-256', x: px, y: py }));
      expect(code).toBe('key-invalid');
    }
  });
});

test('a P-256 key has the verdict of a library that knows the curve, also with one bit changed', () => {
  for (let seed = 1; seed <= 32; seed++) {
    const { x, y } = publicPart(privateKey(seed, 'ES256')) as PublicJwk & { kty: 'EC' };
    const changed = fromBase64url(x);
    changed[seed % 32]! ^= 1 << (seed % 8);
    for (const one of [x, toBase64url(changed)]) {
      const bytes = Buffer.concat([Uint8Array.of(4), fromBase64url(one), fromBase64url(y)]);
      const theirs = didThrow(() => p256.Point.fromBytes(bytes).assertValidity());
      const ours = didThrow(() => assertStrongKey({ kty: 'EC', crv: 'P-256', x: one, y }));
      expect([one, ours]).toEqual([one, theirs]);
      expect(theirs).toBe(one !== x);
    }
  }
});

function didThrow(act: () => void): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}

/** Signs with the key secret * B + torsion, as its owner can. */
function signerWithTorsion(secret: string, torsion: typeof ed25519.Point.BASE) {
  const { point, scalar } = ed25519.utils.getExtendedPublicKey(fromBase64url(secret));
  const order = ed25519.Point.Fn.ORDER;
  const key = point.add(torsion).toBytes();
  const sign = (message: Uint8Array): Uint8Array => {
    const nonce = 12_345n;
    const r = ed25519.Point.BASE.multiply(nonce).toBytes();
    const digest = createHash('sha512').update(r).update(key).update(message).digest();
    const challenge = BigInt(`0x${reversed(digest.toString('hex'))}`) % order;
    const s = ((nonce + challenge * scalar) % order).toString(16).padStart(64, '0');
    return Buffer.concat([r, Buffer.from(reversed(s), 'hex')]);
  };
  return { key, sign };
}

test('a private key that was kept has the members of its kind alone, and is strong', () => {
  const own = privateKey(7);
  const stored = { ...own, kid: 'mine', use: 'sig' };
  expect(privateJwkOf(stored)).toEqual(own);
  const { d, ...half } = own;
  const weak = { ...fromHex('00'.repeat(32)), d };
  for (const wrong of [null, 'key', {}, half, weak]) expect(() => privateJwkOf(wrong)).toThrow();
});
