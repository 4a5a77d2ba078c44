import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import {
  algOf,
  publicPart,
  thumbprint,
  type PrivateJwk,
  type PublicJwk,
  type Signer,
  type Verifier,
} from '@recourse/protocol';

const imported = new Map<string, KeyObject>();
const mostImported = 10_000;

/**
 * Verifies with node:crypto, a fifth faster than WebCrypto, on a thread of its pool: on the event loop it would take as
 * long as all else of a call, and a flood of bad signatures would hold up everybody. The key was refused at registration
 * unless it is a strong one: node:crypto itself accepts small-order Ed25519 keys. `verifySignature` judged the form of the
 * signature: node:crypto itself accepts a high s, and with OpenSSL 3.0 an R of small order.
 */
export const nodeVerifier: Verifier = (jws, jwk) => {
  const key = keyObject(jwk);
  return jwk.kty === 'OKP'
    ? verified(null, jws.signingInput, key, jws.signature)
    : verified('sha256', jws.signingInput, { key, dsaEncoding: 'ieee-p1363' }, jws.signature);
};

const verified = promisify(verify);

/** Signs on this thread: a receipt is signed while its group waits, and a hop to a pool costs more. */
export function nodeSigner(jwk: PrivateJwk): Signer {
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  const publicJwk = publicPart(jwk);
  const options = jwk.kty === 'OKP' ? key : ({ key, dsaEncoding: 'ieee-p1363' } as const);
  return {
    kid: thumbprint(publicJwk),
    alg: algOf(publicJwk),
    publicJwk,
    sign: (data) => sign(jwk.kty === 'OKP' ? null : 'sha256', data, options),
  };
}

/** SHA-256 of text as base64url. */
export const nodeHash = (text: string): string =>
  createHash('sha256').update(text).digest('base64url');

function keyObject(jwk: PublicJwk): KeyObject {
  const name = jwk.kty === 'OKP' ? jwk.x : `${jwk.x}.${jwk.y}`;
  const known = imported.get(name);
  if (known) return known;
  if (imported.size >= mostImported) imported.clear();
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  imported.set(name, key);
  return key;
}
