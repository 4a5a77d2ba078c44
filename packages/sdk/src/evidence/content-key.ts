import {
  b64u32,
  concatBytes,
  fromBase64url,
  toBase64url,
  utf8,
  type GeneralJwe,
} from '@recourse/protocol';
import { flattenedDecrypt } from 'jose';
import { isPlainHeader, splitItem, type UnfitReason, type UnsealedItem } from './seal.ts';
import type { PrivateSealingKey } from '../session/sealing-keys.ts';

const alg = 'ECDH-ES+A256KW';
const ecdh = { name: 'ECDH', namedCurve: 'P-256' } as const;

/**
 * The content encryption key of an item that was sealed to this key (RFC 7518, section 4.6, then RFC 3394): with it
 * another reviewer opens the same bytes.
 * @returns 32 bytes as base64url; undefined if nothing is sealed to this key, or it opens nothing
 */
export async function contentKeyOf(
  { recipients }: GeneralJwe,
  key: PrivateSealingKey,
  kid: string,
): Promise<string | undefined> {
  const recipient = recipients.find(({ header }) => header.kid === kid);
  if (!recipient) return undefined;
  try {
    const wrapping = await agree(recipient.header.epk, key);
    const extractable = true;
    const unwrapped = await crypto.subtle.unwrapKey(
      'raw',
      Uint8Array.from(fromBase64url(recipient.encrypted_key)),
      wrapping,
      'AES-KW',
      'AES-GCM',
      extractable,
      ['decrypt'],
    );
    return b64u32.parse(
      toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', unwrapped))),
    );
  } catch {
    // No cause: what was wrapped is attacker-controlled, and tells nothing.
    return undefined;
  }
}

type PublicPoint = GeneralJwe['recipients'][number]['header']['epk'];

/** RFC 7518, section 4.6.2: one round of Concat KDF with SHA-256, without party info. */
async function agree(epk: PublicPoint, key: PrivateSealingKey) {
  const own = await crypto.subtle.importKey('jwk', { ...key }, ecdh, false, ['deriveBits']);
  const theirs = await crypto.subtle.importKey('jwk', { ...epk }, ecdh, false, []);
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, own, 256);
  const info = concatBytes(lengthAndBytes(utf8(alg)), uint32(0), uint32(0), uint32(256));
  const round = Uint8Array.from(concatBytes(uint32(1), new Uint8Array(shared), info));
  const derived = await crypto.subtle.digest('SHA-256', round);
  return crypto.subtle.importKey('raw', derived, 'AES-KW', false, ['unwrapKey']);
}

const uint32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};

const lengthAndBytes = (bytes: Uint8Array): Uint8Array => concatBytes(uint32(bytes.length), bytes);

/** Opens a sealed item by its content key, as the second reviewer of a dispute. Both are attacker-controlled. */
export async function openWithContentKey(
  { protected: header, iv, ciphertext, tag }: GeneralJwe,
  contentKey: string,
): Promise<UnsealedItem | Extract<UnfitReason, 'undecipherable'>> {
  if (!isPlainHeader(header)) return 'undecipherable';
  try {
    const { plaintext } = await flattenedDecrypt(
      { protected: header, iv, ciphertext, tag, header: { alg: 'dir' } },
      fromBase64url(contentKey),
      { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
    );
    return splitItem(plaintext);
  } catch {
    return 'undecipherable';
  }
}
