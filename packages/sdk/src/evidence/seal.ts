import {
  b64u32,
  concatBytes,
  EvidenceCommitment,
  fromBase64url,
  generalJweSchema,
  thumbprint,
  toBase64url,
  utf8,
  type GeneralJwe,
  type SealingKey,
} from '@recourse/protocol';
import { GeneralEncrypt, generalDecrypt, importJWK, type CryptoKey } from 'jose';
import type { PrivateSealingKey, SealingKeyName, SealingKeys } from '../session/sealing-keys.ts';

/** An item of evidence with the salt that opens its commitment. */
export interface UnsealedItem {
  readonly bytes: Uint8Array;
  /** 32 bytes as base64url */
  readonly salt: string;
}

const alg = 'ECDH-ES+A256KW';
const enc = 'A256GCM';
/** The only protected header there is: one that compresses could unpack to more than anybody can hold. */
const protectedHeader = toBase64url(utf8(JSON.stringify({ enc })));
const saltBytes = 32;

export const evidenceCommitment = ({ bytes, salt }: UnsealedItem): string =>
  new EvidenceCommitment(salt).update(bytes).digest();

/**
 * Seals salt (32 bytes) || bytes to the keys of assignments, as a General JWE (RFC 7516, section 7.2.1) whose
 * recipients carry `alg`, `kid` and `epk` of their own.
 */
export const seal = async (item: UnsealedItem, to: readonly SealingKey[]): Promise<GeneralJwe> =>
  generalJweSchema.parse(await sealBytes(concatBytes(fromBase64url(item.salt), item.bytes), to));

/** @param about additional data, which is no part of the result: whoever opens it has to know it */
export async function sealBytes(
  plain: Uint8Array,
  to: readonly SealingKey[],
  about?: Uint8Array,
): Promise<unknown> {
  const jwe = new GeneralEncrypt(plain).setProtectedHeader({ enc });
  if (about) jwe.setAdditionalAuthenticatedData(about);
  for (const key of to) {
    jwe
      .addRecipient(await importJWK({ ...key }, alg))
      .setUnprotectedHeader({ alg, kid: thumbprint(key) });
  }
  // For a single recipient jose puts `epk` into the protected header: with a key that nobody has, it is never one.
  jwe.addRecipient(await keyOfNobody()).setUnprotectedHeader({ alg });
  const { protected: header, iv, ciphertext, tag, recipients } = await jwe.encrypt();
  return { protected: header, iv, ciphertext, tag, recipients: recipients.slice(0, to.length) };
}

export const isPlainHeader = (header: string): boolean => header === protectedHeader;

/**
 * Splits an unsealed item: salt (32 bytes) || bytes.
 * @throws where it is too short for a salt
 */
export const splitItem = (plain: Uint8Array): UnsealedItem => ({
  salt: b64u32.parse(toBase64url(plain.subarray(0, saltBytes))),
  bytes: plain.subarray(saltBytes),
});

/** Why a delivered item does not fit the statement, or cannot be read. */
export type UnfitReason = UnopenedReason | 'evidence-mismatch';

/** Why something sealed does not open. */
export type UnopenedReason = 'not-sealed-to-own-key' | 'undecipherable';

/** Opens a sealed item with the key of the own assignment. What was sealed is the submitter's: attacker-controlled. */
export async function unseal(
  jwe: GeneralJwe,
  key: PrivateSealingKey,
): Promise<UnsealedItem | UnopenedReason> {
  const plain = await unsealBytes(jwe, key);
  if (typeof plain === 'string') return plain;
  try {
    return splitItem(plain);
  } catch {
    return 'undecipherable';
  }
}

/** @param about the additional data that it was sealed with: it opens with no other */
export async function unsealBytes(
  jwe: GeneralJwe,
  key: PrivateSealingKey,
  about?: Uint8Array,
): Promise<Uint8Array | UnopenedReason> {
  const kid = thumbprint(publicPart(key));
  const recipients = jwe.recipients.filter(({ header }) => header.kid === kid);
  if (recipients.length === 0) return 'not-sealed-to-own-key';
  if (!isPlainHeader(jwe.protected)) return 'undecipherable';
  try {
    const { plaintext } = await generalDecrypt(
      { ...jwe, recipients, ...(about ? { aad: toBase64url(about) } : {}) },
      await importJWK({ ...key }, alg),
      { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] },
    );
    return plaintext;
  } catch {
    // No cause: it is the same to whoever opens it, and tells nothing of the bytes.
    return 'undecipherable';
  }
}

export function publicPart(key: PrivateSealingKey): SealingKey {
  const { d: _, ...open } = key;
  return open;
}

/** A fresh key to seal to, with its private half. */
export async function newSealingKey(): Promise<PrivateSealingKey> {
  const { privateKey } = await keyPair(true);
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey);
  return { kty: 'EC', crv: 'P-256', x: b64u32.parse(x), y: b64u32.parse(y), d: b64u32.parse(d) };
}

/** Saved before it is claimed or published: what is sealed to a key that is lost, nobody opens. */
export async function saveFreshKey(
  keys: SealingKeys,
  name: SealingKeyName,
): Promise<PrivateSealingKey> {
  const made = await newSealingKey();
  await keys.save(name, made);
  return made;
}

const keyOfNobody = async (): Promise<CryptoKey> => (await keyPair(false)).publicKey;

const keyPair = (
  extractable: boolean,
): Promise<{ readonly publicKey: CryptoKey; readonly privateKey: CryptoKey }> =>
  crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, extractable, ['deriveBits']);
