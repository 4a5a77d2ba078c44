import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { withLowS } from '@recourse/ledger';
import { describe, expect, test } from 'vitest';
import {
  codeOf,
  holderA,
  nodeSigner,
  nodeVerifier,
  now,
  origin,
  platformA,
  privateKey,
} from '../tests/fixtures.ts';
import { fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { admitCall, openKeptCall, signCall } from './call.ts';
import type { PublicJwk } from './jwk.ts';
import {
  webVerifier,
  parseCompact,
  signCompact,
  signerFromCryptoKey,
  signerFromJwk,
  verifySignature,
  type Signer,
  type Verifier,
} from './jws.ts';
import { Problem, problemBody } from './problems.ts';

const typ = 'recourse-call+jwt';
const ed = privateKey(1);
const ec = privateKey(1, 'ES256');

/** As lenient as RFC 8032 allows, which Node.js 20 is too where R is the neutral point */
const lenient: Verifier = (jws, jwk) =>
  jwk.kty === 'OKP'
    ? ed25519.verify(jws.signature, jws.signingInput, fromBase64url(jwk.x), { zip215: true })
    : nodeVerifier(jws, jwk);
const verifiers: [string, Verifier][] = [
  ['WebCrypto', webVerifier],
  ['node:crypto', nodeVerifier],
  ['a lenient one', lenient],
  ['one that accepts everything', () => true],
];

const call = {
  iss: platformA,
  aud: origin,
  iat: now,
  exp: now + 120,
  jti: 'a'.repeat(22),
  op: 'sanctions.list',
  in: {},
};

/** The same artefact with another signature of the same key. */
const withSignature = (compact: string, change: (signature: Uint8Array) => Uint8Array): string => {
  const { signature } = parseCompact(compact);
  return compact.slice(0, compact.lastIndexOf('.') + 1) + toBase64url(change(signature));
};

/** Makes the twin of an ECDSA signature, r and n - s, as anybody can. */
function twin(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
  const other = (p256.Point.Fn.ORDER - s).toString(16).padStart(64, '0');
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(other, 'hex')]);
}

/** Signs with R the neutral point and S = k * secret, as only the owner of the key can. */
function signWithoutNonce(data: Uint8Array): Uint8Array {
  const little = (bytes: Uint8Array) =>
    BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(fromBase64url(ed.d));
  const r = ed25519.Point.ZERO.toBytes();
  const s =
    (little(sha512(Buffer.concat([r, pointBytes, data]))) * scalar) % ed25519.Point.Fn.ORDER;
  return Buffer.concat([r, Buffer.from(s.toString(16).padStart(64, '0'), 'hex').toReversed()]);
}

const highCall = async () => withSignature(await signCall(nodeSigner(ec), call), twin);
const lowOrderCall = () => signCall({ ...nodeSigner(ed), sign: signWithoutNonce }, call);

const admit = (compact: string, jwk: PublicJwk, verify: Verifier) =>
  admitCall(compact, {
    audience: origin,
    now: new Date(now * 1000),
    lookup: (kid) => ({
      kid,
      jwk,
      party: platformA,
      holder: holderA,
      role: 'trust',
      admin: false,
      activeFrom: new Date((now - 86_400) * 1000),
    }),
    verify,
  });

describe.each(verifiers)('whichever verifier is passed in: %s', (_, verify) => {
  test('a high s is refused, and the signer is told what to send', async () => {
    const { publicJwk: jwk } = nodeSigner(ec);
    const compact = await highCall();
    expect(await verify(parseCompact(compact), jwk)).toBe(true);
    const run = () => verifySignature(parseCompact(compact), jwk, verify);
    await expect(run).rejects.toMatchObject({ code: 'signature-high-s' });
    await expect(run).rejects.toThrow('send n - s');
    expect(await codeOf(() => openKeptCall(compact, { jwk, verify }))).toBe('signature-high-s');
    const problem = await admit(compact, jwk, verify).catch((error: unknown) => error);
    if (!(problem instanceof Problem)) throw new Error('admitted');
    expect(problemBody(problem, origin)).toMatchObject({
      type: `${origin}/problems/bad-signature`,
      next: expect.stringContaining('send the lower s: n - s'),
      issues: [{ path: 'signature', code: 'high-s' }],
    });
  });

  test('R of small order is refused, also where the signature fits the key', async () => {
    const { publicJwk: jwk } = nodeSigner(ed);
    const compact = await lowOrderCall();
    const run = () => verifySignature(parseCompact(compact), jwk, verify);
    await expect(run).rejects.toMatchObject({
      code: 'signature-invalid',
      message: 'r-small-order',
    });
    expect(await codeOf(() => openKeptCall(compact, { jwk, verify }))).toBe('signature-invalid');
    expect(await codeOf(() => admit(compact, jwk, verify))).toBe('bad-signature');
  });
});

test('why: a lenient verifier takes an R of small order', async () => {
  expect(await lenient(parseCompact(await lowOrderCall()), nodeSigner(ed).publicJwk)).toBe(true);
});

test('what anybody signs with ES256 has a low s, and its twin is refused', async () => {
  const { d, ...publicJwk } = ec;
  const params = { name: 'ECDSA', namedCurve: 'P-256' } as const;
  const key = await crypto.subtle.importKey('jwk', { ...ec, d }, params, false, ['sign']);
  const node = nodeSigner(ec);
  const hsm: Signer = { ...node, sign: async (data) => asHigh(await node.sign(data)) };
  const signers = [await signerFromJwk(ec), signerFromCryptoKey(key, publicJwk), node, hsm];
  for (let i = 0; i < 25; i++) {
    for (const signer of signers) {
      const compact = await signCompact(signer, typ, { i });
      const verify = (text: string) => verifySignature(parseCompact(text), publicJwk, nodeVerifier);
      expect(await codeOf(() => verify(compact))).toBe('nothing thrown');
      expect(await codeOf(() => verify(withSignature(compact, twin)))).toBe('signature-high-s');
    }
  }
  const raw = await hsm.sign(utf8('x'));
  expect(withLowS('ES256', raw)).not.toEqual(raw);
});

const asHigh = (signature: Uint8Array): Uint8Array => twin(withLowS('ES256', signature));
