import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { fromBase64, toBase64, utf8 } from './bytes.ts';
import { assertStrongKey } from './ed25519.ts';
import { LedgerError } from './errors.ts';
import { isLine } from './text.ts';

/** A key signs notes as they are (signed-note, type 0x01), or checkpoints with a time (tlog-cosignature, 0x04). */
export type SignatureType = 'ed25519' | 'cosignature';

const typeBytes: Record<SignatureType, number> = { ed25519: 1, cosignature: 4 };

/** A named public key. Name and type are part of it: one secret under two types is two keys. */
export interface VerifierKey {
  /** Not empty, without spaces and plus signs, such as `example.com/log` */
  readonly name: string;
  readonly type: SignatureType;
  /** Ed25519, 32 bytes (RFC 8032) */
  readonly publicKey: Uint8Array;
}

/** SHA-256(name || 0x0A || type || public key)[:4] as a big-endian uint32 (signed-note, "Signatures"). */
export function keyId({ name, type, publicKey }: VerifierKey): number {
  const digest = sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(typeBytes[type]), publicKey));
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

/** @throws LedgerError `key-malformed` or `key-weak` */
export function assertVerifierKey({ name, publicKey }: VerifierKey): void {
  if (!isKeyName(name)) throw new LedgerError('key-malformed', 'not the name of a key');
  assertStrongKey(publicKey);
}

/**
 * `<name>+<hex key id>+<base64(type || public key)>`, as logs and witnesses publish their keys.
 * @throws LedgerError `key-malformed` or `key-weak`
 */
export function encodeVerifierKey(key: VerifierKey): string {
  assertVerifierKey(key);
  const material = concatBytes(Uint8Array.of(typeBytes[key.type]), key.publicKey);
  return `${key.name}+${hexId(keyId(key))}+${toBase64(material)}`;
}

/**
 * Reads a key of {@link encodeVerifierKey}.
 * @throws LedgerError `key-malformed`, `key-weak`, or `key-mismatch` when the id is that of another key
 */
export function parseVerifierKey(text: string): VerifierKey {
  const match = text.length > longestKey ? null : /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text);
  const [, name, id, base64] = match ?? [];
  const material = base64 === undefined ? undefined : fromBase64(base64);
  const type = material?.[0] === undefined ? undefined : typeOf(material[0]);
  if (name === undefined || material === undefined || type === undefined) {
    throw new LedgerError('key-malformed', 'not a verifier key of a known type');
  }
  const key: VerifierKey = { name, type, publicKey: material.slice(1) };
  assertVerifierKey(key);
  if (hexId(keyId(key)) !== id) throw new LedgerError('key-mismatch', 'id of another key');
  return key;
}

const longestKey = 1000;

/** Names are attacker-controlled in notes: a space or a plus sign would move the border of the next field. */
export const isKeyName = (name: string): boolean =>
  isLine(name) && !/[\p{White_Space}+]/u.test(name);

const hexId = (id: number) => id.toString(16).padStart(8, '0');

function typeOf(byte: number): SignatureType | undefined {
  if (byte === typeBytes.ed25519) return 'ed25519';
  return byte === typeBytes.cosignature ? 'cosignature' : undefined;
}
