import { signatureFault, withLowS } from '@recourse/ledger';
import { importJWK, type CryptoKey } from 'jose';
import { fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { ProtocolError } from './errors.ts';
import { isJsonObject, jcs, parseStrictJson, type Json } from './json.ts';
import {
  algOf,
  algs,
  publicPart,
  thumbprint,
  type Alg,
  type PrivateJwk,
  type PublicJwk,
} from './jwk.ts';
import { b64u32 } from './schemas.ts';

/** Every signed artefact of the protocol; each is accepted in one place only. */
export const artefactTypes = [
  'recourse-call+jwt',
  'recourse-receipt+jwt',
  'recourse-key+jwt',
  'recourse-enrol+jwt',
  'recourse-registry-key+jwt',
  'recourse-sanction+jwt',
  'recourse-subjects+jwt',
  'recourse-withdrawal+jwt',
  'recourse-echo+jwt',
  'recourse-decision+jwt',
  'recourse-claim+jwt',
  'recourse-sealing-key+jwt',
  'recourse-journal+jwt',
  'recourse-book+jwt',
  'recourse-countersignature+jwt',
  'recourse-panel-vote+jwt',
  'recourse-set+jwt',
  'recourse-letter+jwt',
  'recourse-claimant-act+jwt',
  'recourse-attestation+jwt',
  'secevent+jwt',
] as const;
export type ArtefactType = (typeof artefactTypes)[number];

/** A JWS in canonical compact form (RFC 7515, section 7.1) whose signature has not been looked at. */
export interface CompactJws {
  readonly compact: string;
  readonly alg: Alg;
  readonly typ: string;
  readonly kid: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly signingInput: Uint8Array;
}

/** Signs with one private key that never leaves it: a WebCrypto key, a file, an HSM. `signCompact` lowers a high s. */
export interface Signer {
  readonly kid: string;
  readonly alg: Alg;
  readonly publicJwk: PublicJwk;
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * Checks one signature with one key; `verifySignature` has judged its form before. Servers inject node:crypto, which is
 * faster than WebCrypto.
 */
export type Verifier = (jws: CompactJws, jwk: PublicJwk) => boolean | Promise<boolean>;

/**
 * Parses attacker-controlled text. One artefact has one spelling: each part must re-encode to the same
 * characters, and the header has exactly `alg`, `typ`, `kid`, so jwk, jku, x5c, crit and b64 cannot occur.
 * @throws ProtocolError `jws-malformed`, `base64url-invalid` or `header-invalid`
 */
export function parseCompact(compact: string): CompactJws {
  const parts = compact.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || !signature) {
    throw new ProtocolError('jws-malformed', 'not three parts');
  }
  const bytes = fromBase64url(payload);
  const signatureBytes = fromBase64url(signature);
  if (signatureBytes.length !== 64) throw new ProtocolError('jws-malformed', 'signature length');
  return {
    compact,
    ...parseHeader(header),
    payload: bytes,
    signature: signatureBytes,
    signingInput: utf8(compact.slice(0, compact.length - signature.length - 1)),
  };
}

function parseHeader(part: string): { alg: Alg; typ: string; kid: string } {
  const header = parseStrictJson(fromBase64url(part));
  if (!isJsonObject(header) || Object.keys(header).sort().join() !== 'alg,kid,typ') {
    throw new ProtocolError('header-invalid', 'header members');
  }
  const { typ, kid } = header;
  const alg = algs.find((known) => known === header['alg']);
  if (alg === undefined || typeof typ !== 'string' || !isThumbprint(kid)) {
    throw new ProtocolError('header-invalid', 'header values');
  }
  return { alg, typ, kid };
}

/** A kid is looked up before anything is verified: what is no thumbprint reaches no key store. */
const isThumbprint = (kid: Json | undefined): kid is string => b64u32.safeParse(kid).success;

/**
 * Verifies with the key's own algorithm: the header's is attacker-controlled and must equal it. Signatures on which
 * verifiers disagree, and the second spelling of an ECDSA signature, are refused whatever `verify` says of them.
 * @throws ProtocolError `kid-mismatch`, `alg-mismatch`, `signature-high-s` or `signature-invalid`
 */
export async function verifySignature(
  jws: CompactJws,
  jwk: PublicJwk,
  verify: Verifier = webVerifier,
): Promise<void> {
  if (jws.alg !== algOf(jwk))
    throw new ProtocolError('alg-mismatch', 'not the algorithm of the key');
  if (jws.kid !== thumbprint(jwk))
    throw new ProtocolError('kid-mismatch', 'not the key of the header');
  assertSignatureForm(jws);
  if (!(await verify(jws, jwk))) throw new ProtocolError('signature-invalid', 'signature');
}

/** A signer with an HSM can mend a high s, so it has a code of its own. */
function assertSignatureForm({ alg, signature }: CompactJws): void {
  const fault = signatureFault(alg, signature);
  if (fault === 'high-s') {
    const next = 's is in the upper half: send n - s in its place, n being the order of P-256';
    throw new ProtocolError('signature-high-s', next);
  }
  if (fault !== undefined) throw new ProtocolError('signature-invalid', fault);
}

/** @throws ProtocolError `typ-mismatch` when another artefact is offered in the place of this one. */
export function assertType(jws: CompactJws, typ: ArtefactType): void {
  if (jws.typ !== typ) throw new ProtocolError('typ-mismatch', `not a ${typ}`);
}

/**
 * The payload as strict JSON.
 * @throws ProtocolError `json-invalid`
 */
export const payloadOf = (jws: CompactJws): Json => parseStrictJson(jws.payload);

/** Signs a payload as a compact JWS with the header `alg`, `kid`, `typ`. */
export async function signCompact(
  signer: Signer,
  typ: ArtefactType,
  payload: unknown,
): Promise<string> {
  const header = jcs({ alg: signer.alg, typ, kid: signer.kid });
  const input = `${toBase64url(utf8(header))}.${toBase64url(utf8(jcs(payload)))}`;
  const signature = withLowS(signer.alg, await signer.sign(utf8(input)));
  return `${input}.${toBase64url(signature)}`;
}

/** Keys by the object that they came in, which is never changed: to import one takes as long as to verify with it. */
const imported = new WeakMap<PublicJwk, Promise<CryptoKey>>();

/** Checks a signature over WebCrypto: the default in Node.js and browsers. */
export const webVerifier: Verifier = async (jws, jwk) => {
  try {
    const key = imported.get(jwk) ?? importKey(jwk);
    imported.set(jwk, key);
    const [signature, input] = [jws.signature, jws.signingInput].map(
      (part) => new Uint8Array(part),
    );
    return await crypto.subtle.verify(paramsOf(algOf(jwk)), await key, signature!, input!);
  } catch {
    return false;
  }
};

async function importKey(jwk: PublicJwk | PrivateJwk): Promise<CryptoKey> {
  const key = await importJWK(jwk, algOf(jwk));
  if (key instanceof Uint8Array) throw new ProtocolError('key-invalid', 'not an asymmetric key');
  return key;
}

const paramsOf = (alg: Alg) =>
  alg === 'Ed25519' ? { name: 'Ed25519' } : { name: 'ECDSA', hash: 'SHA-256' };

/** A signer over WebCrypto, in Node.js and browsers. */
export async function signerFromJwk(jwk: PrivateJwk): Promise<Signer> {
  return signerFromCryptoKey(await importKey(jwk), publicPart(jwk));
}

/** A signer over a non-extractable key, as browsers keep it in IndexedDB. */
export function signerFromCryptoKey(key: CryptoKey, publicJwk: PublicJwk): Signer {
  const alg = algOf(publicJwk);
  const params = paramsOf(alg);
  return {
    kid: thumbprint(publicJwk),
    alg,
    publicJwk,
    sign: async (data) =>
      new Uint8Array(await crypto.subtle.sign(params, key, new Uint8Array(data))),
  };
}

/** A new key pair as JWKs; keep the private one where only its holder reads it. */
export async function generateKey(alg: Alg = 'Ed25519'): Promise<PrivateJwk> {
  const params = alg === 'Ed25519' ? { name: 'Ed25519' } : { name: 'ECDSA', namedCurve: 'P-256' };
  const pair = await crypto.subtle.generateKey(params, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new ProtocolError('key-invalid', 'no key pair');
  const { x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  if (!x || !d) throw new ProtocolError('key-invalid', 'key export');
  return alg === 'Ed25519'
    ? { kty: 'OKP', crv: 'Ed25519', x, d }
    : { kty: 'EC', crv: 'P-256', x, y: y ?? '', d };
}
