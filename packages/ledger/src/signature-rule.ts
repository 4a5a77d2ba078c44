import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { pointFault } from './ed25519.ts';

/** Ed25519 (RFC 8032); ECDSA over P-256 (RFC 7518) and over secp256k1 (RFC 8812), as r || s. */
export type SignatureAlg = 'Ed25519' | 'ES256' | 'ES256K';

/** Why the form of a signature is refused. */
export type SignatureFault =
  | 'not-64-bytes'
  | 'r-beyond-field'
  | 'r-small-order'
  | 's-not-reduced'
  | 'out-of-range'
  /** The signer has to send n - s in its place, n being the order of the curve */
  | 'high-s';

/**
 * The one rule on the form of a signature: why its 64 bytes are refused before any cryptography, or undefined.
 * Signatures are attacker-controlled.
 *
 * Verifiers disagree on an Ed25519 signature whose R has small order: OpenSSL 3.0 accepts some, OpenSSL 3.5 none.
 * Anybody can turn an ECDSA signature into a second one by n - s. With this rule every verifier of ours gives the same
 * answer, and an ECDSA signature has one spelling.
 */
export function signatureFault(
  alg: SignatureAlg,
  signature: Uint8Array,
): SignatureFault | undefined {
  if (signature.length !== 64) return 'not-64-bytes';
  const [first, second] = [signature.subarray(0, 32), signature.subarray(32)];
  return alg === 'Ed25519' ? ed25519Fault(first, second) : ecdsaFault(alg, [first, second]);
}

/** An ECDSA signature with n - s in the place of a high s, which verifies as well; any other signature as it is. */
export function withLowS(alg: SignatureAlg, signature: Uint8Array): Uint8Array {
  if (alg === 'Ed25519' || signatureFault(alg, signature) !== 'high-s') return signature;
  const low = numberOf(curves[alg].order) - numberOf(signature.subarray(32));
  return concatBytes(signature.subarray(0, 32), hexToBytes(low.toString(16).padStart(64, '0')));
}

/** Orders of the groups and their halves, big-endian. */
const order25519 = hexToBytes('1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed');
const curves = {
  ES256: {
    order: hexToBytes('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    half: hexToBytes('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8'),
  },
  ES256K: {
    order: hexToBytes('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'),
    half: hexToBytes('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0'),
  },
};

function ed25519Fault(r: Uint8Array, s: Uint8Array): SignatureFault | undefined {
  const fault = pointFault(r);
  if (fault !== undefined) return `r-${fault}`;
  return isBelow(s.toReversed(), order25519) ? undefined : 's-not-reduced';
}

function ecdsaFault(
  alg: keyof typeof curves,
  numbers: readonly [r: Uint8Array, s: Uint8Array],
): SignatureFault | undefined {
  const { order, half } = curves[alg];
  const inRange = numbers.every((n) => isBelow(n, order) && n.some((byte) => byte !== 0));
  if (!inRange) return 'out-of-range';
  return isBelow(half, numbers[1]) ? 'high-s' : undefined;
}

/** Compares big-endian numbers of one length. */
function isBelow(number: Uint8Array, bound: Uint8Array): boolean {
  const at = number.findIndex((byte, i) => byte !== bound[i]);
  return at !== -1 && number[at]! < bound[at]!;
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes)}`);
