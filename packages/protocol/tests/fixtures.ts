import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { toBase64url, utf8 } from '../src/bytes.ts';
import { algOf, thumbprint, type Alg, type PrivateJwk } from '../src/jwk.ts';
import type { Signer, Verifier } from '../src/jws.ts';

export const origin = 'https://registry.example';
/** The instant of every test: 2026-03-01T12:00:00Z. */
export const now = 1_772_366_400;

export const platformA = 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const platformB = 'plt_01hzy3v7q8e9k4m5n6p7r8s9t1';
export const holderA = 'hld_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const holderB = 'hld_01hzy3v7q8e9k4m5n6p7r8s9t1';
export const sanctionA = 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const appealA = 'apl_01hzy3v7q8e9k4m5n6p7r8s9t0';

/** 32 bytes that differ for each number, as base64url: salts, tokens, hashes. */
export const bytes32 = (n: number): string => toBase64url(new Uint8Array(32).fill(n));

/** A key pair that is the same on each run. */
export function privateKey(seed: number, alg: Alg = 'Ed25519'): PrivateJwk {
  const secret = new Uint8Array(32).fill(seed);
  const d = toBase64url(secret);
  if (alg === 'Ed25519') {
    return { kty: 'OKP', crv: 'Ed25519', x: toBase64url(ed25519.getPublicKey(secret)), d };
  }
  const point = p256.getPublicKey(secret, false);
  const [x, y] = [point.slice(1, 33), point.slice(33)];
  return { kty: 'EC', crv: 'P-256', x: toBase64url(x), y: toBase64url(y), d };
}

/** A signer by node:crypto, so that what the package signs and verifies meets another implementation. */
export function nodeSigner(jwk: PrivateJwk): Signer {
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  const { d: _, ...publicJwk } = jwk;
  const alg = algOf(jwk);
  return {
    kid: thumbprint(jwk),
    alg,
    publicJwk,
    sign: (data) =>
      alg === 'Ed25519'
        ? sign(null, data, key)
        : sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }),
  };
}

export const nodeVerifier: Verifier = (jws, jwk) => {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return algOf(jwk) === 'Ed25519'
    ? verify(null, jws.signingInput, key, jws.signature)
    : verify('sha256', jws.signingInput, { key, dsaEncoding: 'ieee-p1363' }, jws.signature);
};

/** Signs any text as header and any text as payload: what a caller with a key can send, rules or not. */
export async function signRaw(signer: Signer, header: string, payload: string): Promise<string> {
  const input = `${toBase64url(utf8(header))}.${toBase64url(utf8(payload))}`;
  return `${input}.${toBase64url(await signer.sign(utf8(input)))}`;
}

/** Runs a function that must throw, and returns the code of what it threw. */
export async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      return error.code;
    }
    throw error;
  }
  return 'nothing thrown';
}

const base64urlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Hex digits of bytes in the other order: Ed25519 numbers are little-endian. */
export const reversed = (hex: string): string => (hex.match(/../g) ?? []).toReversed().join('');

/** Texts that differ from this one in one character: each replaced twice, each left out. */
export function* mutations(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) {
    const at = base64urlAlphabet.indexOf(text[i] ?? '');
    for (const other of [base64urlAlphabet[(at + 1) % 64], base64urlAlphabet[(at + 33) % 64], '']) {
      yield `${text.slice(0, i)}${other ?? ''}${text.slice(i + 1)}`;
    }
  }
}
