import {
  fromBase64url,
  fromUtf8,
  parseCompact,
  signCompact,
  signerFromCryptoKey,
  toBase64url,
  utf8,
  verifySignature,
  type PublicJwk,
} from '@recourse/protocol';

/** Usable by this browser, and by nobody who copies its files: non-extractable. */
export interface OpenKeys {
  /** Ed25519, signs calls and statements */
  readonly signing: CryptoKey;
  /** AES-GCM, seals drafts, journals and the keys that evidence is sealed to */
  readonly storage: CryptoKey;
}

/** Both secret keys of a person, sealed. */
export interface SealedKeys {
  /** 12 bytes, base64url */
  readonly iv: string;
  /** AES-256-GCM over PKCS #8 and storage key as JSON, base64url */
  readonly sealed: string;
}

/** Sealed with a key that comes from the passphrase alone. */
export interface WrappedKeys extends SealedKeys {
  /** 16 bytes, base64url */
  readonly salt: string;
  /** Rounds of PBKDF2 with SHA-256 */
  readonly iterations: number;
}

interface SecretKeys {
  /** PKCS #8, base64url */
  readonly signing: string;
  /** 32 bytes, base64url */
  readonly storage: string;
}

/** OWASP's figure for PBKDF2 with SHA-256: a guess costs a second of this browser. */
const iterations = 600_000;

export const fewestCharacters = 12;

/** Makes both keys. What can be copied out exists only inside this function, and sealed in what it returns. */
export async function makeKeys(
  passphrase: string,
): Promise<{ publicJwk: PublicJwk; wrapped: WrappedKeys; open: OpenKeys }> {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('no key pair');
  const { x = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const secret: SecretKeys = {
    signing: text(await crypto.subtle.exportKey('pkcs8', pair.privateKey)),
    storage: toBase64url(crypto.getRandomValues(new Uint8Array(32))),
  };
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await keyFrom(passphrase, salt, iterations);
  return {
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x },
    wrapped: { salt: toBase64url(salt), iterations, ...(await seal(secret, key)) },
    open: await openKeys(secret),
  };
}

/** Undefined where the passphrase is another one. Both keys come out non-extractable. */
export async function unwrapKeys(
  wrapped: WrappedKeys,
  passphrase: string,
): Promise<OpenKeys | undefined> {
  const key = await keyFrom(passphrase, bytes(wrapped.salt), wrapped.iterations);
  return unsealKeys(wrapped, key);
}

/** Undefined where another key sealed them. Both keys come out non-extractable. */
export async function unsealKeys(
  sealed: SealedKeys,
  key: CryptoKey,
): Promise<OpenKeys | undefined> {
  const secret = await unseal(sealed, key);
  return secret && openKeys(secret);
}

/**
 * Seals the same keys a second time, for another way to open them; undefined where the passphrase is another one. The
 * key that could be copied out stays inside.
 */
export async function resealing(
  wrapped: WrappedKeys,
  passphrase: string,
): Promise<((key: CryptoKey) => Promise<SealedKeys>) | undefined> {
  const secret = await unseal(
    wrapped,
    await keyFrom(passphrase, bytes(wrapped.salt), wrapped.iterations),
  );
  return secret && ((key) => seal(secret, key));
}

async function seal(secret: SecretKeys, key: CryptoKey): Promise<SealedKeys> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new Uint8Array(utf8(JSON.stringify(secret)));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain);
  return { iv: toBase64url(iv), sealed: text(sealed) };
}

async function unseal({ iv, sealed }: SealedKeys, key: CryptoKey): Promise<SecretKeys | undefined> {
  try {
    const params = { name: 'AES-GCM', iv: bytes(iv) };
    const plain = await crypto.subtle.decrypt(params, key, bytes(sealed));
    return JSON.parse(fromUtf8(new Uint8Array(plain))) as SecretKeys;
  } catch {
    return undefined;
  }
}

/** Whether the keys are those of this public key: a backup is a file that anybody may have made. */
export async function belongTo({ signing }: OpenKeys, publicJwk: PublicJwk): Promise<boolean> {
  const signer = signerFromCryptoKey(signing, publicJwk);
  // Signed to nobody, and never sent.
  const probe = await signCompact(signer, 'recourse-key+jwt', {});
  try {
    await verifySignature(parseCompact(probe), publicJwk);
    return true;
  } catch {
    return false;
  }
}

async function openKeys({ signing, storage }: SecretKeys): Promise<OpenKeys> {
  return {
    signing: await crypto.subtle.importKey('pkcs8', bytes(signing), { name: 'Ed25519' }, false, [
      'sign',
    ]),
    storage: await crypto.subtle.importKey('raw', bytes(storage), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]),
  };
}

async function keyFrom(
  passphrase: string,
  salt: Uint8Array<ArrayBuffer>,
  rounds: number,
): Promise<CryptoKey> {
  // The same passphrase typed on another keyboard is another sequence of code points without this.
  const typed = new Uint8Array(utf8(passphrase.normalize('NFKC')));
  const base = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveKey']);
  const params = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  const aes = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(params, base, aes, false, ['encrypt', 'decrypt']);
}

const text = (buffer: ArrayBuffer): string => toBase64url(new Uint8Array(buffer));
const bytes = (base64url: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(fromBase64url(base64url));
