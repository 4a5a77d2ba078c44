import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { z } from 'zod';
import { fromBase64url } from './bytes.ts';
import { ProtocolError } from './errors.ts';
import { hashText } from './hash.ts';
import { jcs } from './json.ts';
import { b64u32 } from './schemas.ts';

/** The signature algorithms of the wire. */
export const algs = ['Ed25519', 'ES256'] as const;
export type Alg = (typeof algs)[number];

/** A public key with exactly the members that RFC 7638 hashes. */
export const publicJwkSchema = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: b64u32 }),
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: b64u32, y: b64u32 }),
]);
/** A public signing key: Ed25519 (RFC 8037) or P-256 (RFC 7518), with exactly the members that RFC 7638 hashes. */
export type PublicJwk = z.infer<typeof publicJwkSchema>;
/** A key with its private half `d`. */
export type PrivateJwk = PublicJwk & { d: string };

/**
 * The private key in a JWK that somebody kept: strong, and with the members of its kind alone.
 * @throws an error of a parser, which may quote the key: show an error of your own in its place
 */
export function privateJwkOf(json: unknown): PrivateJwk {
  if (typeof json !== 'object' || json === null) throw new TypeError('no key');
  const { d, x, y, kty, crv }: Partial<Record<string, unknown>> = { ...json };
  if (typeof d !== 'string') throw new TypeError('no private part');
  const jwk = publicJwkSchema.parse({ kty, crv, x, ...(y === undefined ? {} : { y }) });
  assertStrongKey(jwk);
  return { ...jwk, d };
}

/** The one algorithm a key may be used with: never taken from a header. */
export const algOf = (jwk: PublicJwk): Alg => (jwk.kty === 'OKP' ? 'Ed25519' : 'ES256');

/** Servers verify many calls with few keys: each object is hashed once, and never changed. */
const thumbprints = new WeakMap<PublicJwk, string>();

/** RFC 7638 thumbprint: the `kid` of the key. */
export function thumbprint(jwk: PublicJwk): string {
  const known = thumbprints.get(jwk);
  if (known !== undefined) return known;
  const made = hashText(jcs(publicPart(jwk)));
  thumbprints.set(jwk, made);
  return made;
}

/** The public half: exactly the members that RFC 7638 hashes. */
export function publicPart(jwk: PublicJwk): PublicJwk {
  return jwk.kty === 'OKP'
    ? { kty: 'OKP', crv: 'Ed25519', x: jwk.x }
    : { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y };
}

/**
 * Refuses weak and malformed keys. `jwk` is attacker-controlled at registration. A small-order Ed25519 key verifies one
 * constant signature over every message, and Node.js 20 accepts it. On a signature of a key with torsion two correct
 * verifiers may disagree.
 * @throws ProtocolError `key-invalid` or `key-weak`
 */
export function assertStrongKey(jwk: PublicJwk): void {
  if (jwk.kty === 'EC') {
    if (!isOnP256(jwk)) throw new ProtocolError('key-invalid', 'not a point of the curve');
    return;
  }
  const point = pointOf(jwk.x);
  if (point.isSmallOrder()) throw new ProtocolError('key-weak', 'small-order Ed25519 key');
  if (!point.isTorsionFree()) throw new ProtocolError('key-weak', 'Ed25519 key with torsion');
}

/** Of P-256 (FIPS 186-4, appendix D.1.2.3): y² = x³ - 3x + b in the field of this prime. Every point has the whole order. */
const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

function isOnP256(jwk: Extract<PublicJwk, { kty: 'EC' }>): boolean {
  const [x, y] = [jwk.x, jwk.y].map((one) => bytesToNumberBE(fromBase64url(one))) as [
    bigint,
    bigint,
  ];
  return x < prime && y < prime && (y * y - (x * x * x - 3n * x + b)) % prime === 0n;
}

function pointOf(x: string) {
  try {
    return ed25519.Point.fromBytes(fromBase64url(x), false);
  } catch (cause) {
    throw new ProtocolError('key-invalid', 'not a point of the curve', { cause });
  }
}
