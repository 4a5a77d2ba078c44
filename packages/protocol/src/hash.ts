import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, toBase64url, utf8 } from './bytes.ts';

/** H of the protocol: SHA-256 over a domain prefix and the parts, as 43 characters of base64url. */
export function prefixedHash(prefix: string, ...parts: readonly Uint8Array[]): string {
  return toBase64url(sha256(concatBytes(utf8(prefix), ...parts)));
}

/** H(bytes) of calls and answers, where the receipt's leaf is the domain. 43 characters of base64url. */
export const hashBytes = (bytes: Uint8Array): string => toBase64url(sha256(bytes));

/** SHA-256 of the UTF-8 bytes of a text, as base64url. */
export const hashText = (text: string): string => hashBytes(utf8(text));

/** HMAC-SHA-256, as 43 characters of base64url. */
export const keyedHash = (key: Uint8Array, bytes: Uint8Array): string =>
  toBase64url(hmac(sha256, key, bytes));
