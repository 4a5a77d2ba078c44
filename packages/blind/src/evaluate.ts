import { concatBytes } from '@noble/hashes/utils.js';
import { token } from './client.ts';
import { BlindError } from './errors.ts';
import { proveBatch } from './proof.ts';
import {
  finalHash,
  hashToGroup,
  hashToScalar,
  isScalar,
  largestBatch,
  lengthPrefixed,
  multiply,
  multiplyBase,
  utf8,
} from './suite.ts';

/** The key of one epoch: a scalar and its element, 32 bytes each. */
export interface KeyPair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/**
 * DeriveKeyPair (RFC 9497, section 3.2.1).
 * @param seed 32 bytes from a file or a command, never from the database
 */
export function deriveKeyPair(seed: Uint8Array, info: string): KeyPair {
  if (seed.length !== 32) throw new BlindError('key-invalid', 'a seed has 32 bytes');
  const input = concatBytes(seed, lengthPrefixed(utf8(info)));
  for (let counter = 0; counter < 256; counter++) {
    const secretKey = hashToScalar(concatBytes(input, Uint8Array.of(counter)), 'DeriveKeyPair');
    if (secretKey.some((byte) => byte !== 0)) {
      return { secretKey, publicKey: multiplyBase(secretKey) };
    }
  }
  throw new BlindError('key-invalid', 'no key from this seed');
}

/**
 * Evaluates 1 to 64 blinded elements with one proof, in 2n + 3 multiplications, on this thread.
 * @throws BlindError `batch-invalid`, `element-invalid` or `key-invalid`
 */
export function evaluateBatch(
  batch: KeyPair & { blinded: readonly Uint8Array[] },
  proofRandom?: Uint8Array,
): { evaluated: Uint8Array[]; proof: Uint8Array } {
  const { secretKey, publicKey, blinded } = batch;
  if (blinded.length < 1 || blinded.length > largestBatch) {
    throw new BlindError('batch-invalid', 'a batch has 1 to 64 elements');
  }
  if (!isScalar(secretKey)) throw new BlindError('key-invalid', 'the secret key is no scalar');
  const evaluated = blinded.map((element) => multiply(secretKey, element));
  const proof = proveBatch(secretKey, { publicKey, blinded, evaluated }, proofRandom);
  return { evaluated, proof };
}

/** The token of an input with the secret key at hand: where the registry itself proved an identifier. */
export const evaluateToken = (secretKey: Uint8Array, input: Uint8Array): Uint8Array =>
  token(finalHash(input, multiply(secretKey, hashToGroup(input))));
