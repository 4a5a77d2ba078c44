import { bytesToHex } from '@noble/hashes/utils.js';
import { LedgerError } from './errors.ts';

/** Checks one Ed25519 signature (RFC 8032): 32-byte key, 64-byte signature. Servers may inject node:crypto. */
export type Ed25519Verify = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/**
 * Ed25519 of WebCrypto, in Node.js 20 or newer and current browsers, for signatures without a `signatureFault`.
 *
 * Under a key with torsion two correct verifiers may disagree (RFC 8032, section 5.1.7). This one does not multiply by
 * the cofactor, so every verifier accepts the signatures that it accepts. Such a key is not refused here: no owner
 * should publish one, but it lets nobody else sign.
 * @throws LedgerError `key-unusable` when the platform refuses the key, or has no Ed25519
 */
export const verifyEd25519: Ed25519Verify = async (publicKey, message, signature) => {
  const key = await importKey(publicKey);
  return crypto.subtle.verify('Ed25519', key, buffer(signature), buffer(message));
};

async function importKey(publicKey: Uint8Array) {
  try {
    return await crypto.subtle.importKey('raw', buffer(publicKey), 'Ed25519', false, ['verify']);
  } catch (cause) {
    throw new LedgerError('key-unusable', 'no Ed25519, or not with this key', { cause });
  }
}

/** The y coordinates of the eight points of small order, little-endian, in hex. */
const smallOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/**
 * Refuses keys that vouch for nothing. Under a small-order key one constant signature fits every message, and some
 * verifiers accept it. A coordinate beyond 2^255 - 19 is a second spelling of a key.
 * @throws LedgerError `key-malformed` or `key-weak`
 */
export function assertStrongKey(publicKey: Uint8Array): void {
  if (publicKey.length !== 32) throw new LedgerError('key-malformed', 'not 32 bytes');
  const fault = pointFault(publicKey);
  if (fault === undefined) return;
  throw new LedgerError(fault === 'small-order' ? 'key-weak' : 'key-malformed', `key: ${fault}`);
}

/** Names the fault of the 32 bytes of a point, as a key or as the R of a signature. */
export function pointFault(point: Uint8Array): 'beyond-field' | 'small-order' | undefined {
  const y = Uint8Array.from(point);
  y[31]! &= 0x7f;
  if (y[31] === 0x7f && y[0]! >= 0xed && y.subarray(1, 31).every((byte) => byte === 0xff)) {
    return 'beyond-field';
  }
  return smallOrder.has(bytesToHex(y)) ? 'small-order' : undefined;
}

/** WebCrypto takes no view of shared memory. */
const buffer = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
