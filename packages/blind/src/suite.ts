import { concatBytes } from '@noble/hashes/utils.js';
import sodium from 'libsodium-wrappers-sumo';
import { BlindError } from './errors.ts';

/** ristretto255-SHA512 in VOPRF mode (RFC 9497, sections 4.1 and 3.1). */
const contextString = 'OPRFV1-\x01-ristretto255-SHA512';

/** Bytes of an element, of a scalar and of an output. */
export const elementBytes = 32;
export const scalarBytes = 32;
const outputBytes = 64;
/** Elements of one batch: one proof covers all of them. */
export const largestBatch = 64;

const sha512 = (bytes: Uint8Array): Uint8Array => sodium.crypto_hash_sha512(bytes);

const encoder = new TextEncoder();
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Resolves when libsodium's WebAssembly is ready; everything else here is synchronous. */
export const ready = (): Promise<void> => sodium.ready;

/**
 * I2OSP(length, 2) || bytes. Inputs are chosen by others: a length that wrapped would let two share an encoding.
 * @throws BlindError `input-invalid`
 */
export function lengthPrefixed(bytes: Uint8Array): Uint8Array {
  assertInput(bytes);
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}

export function assertInput(bytes: Uint8Array): void {
  if (bytes.length > 0xffff) throw new BlindError('input-invalid', 'longer than 65,535 bytes');
}

export const hashToGroup = (input: Uint8Array): Uint8Array =>
  sodium.crypto_core_ristretto255_from_hash(expand(input, `HashToGroup-${contextString}`));

export const hashToScalar = (input: Uint8Array, domain = 'HashToScalar-'): Uint8Array =>
  sodium.crypto_core_ristretto255_scalar_reduce(expand(input, domain + contextString));

export const compositeSeed = (publicKey: Uint8Array): Uint8Array =>
  sha512(concatBytes(lengthPrefixed(publicKey), lengthPrefixed(utf8(`Seed-${contextString}`))));

/** Finalize (RFC 9497, section 3.3.2): 64 bytes. */
export const finalHash = (input: Uint8Array, element: Uint8Array): Uint8Array =>
  sha512(concatBytes(lengthPrefixed(input), lengthPrefixed(element), utf8('Finalize')));

/** Elements that stand one behind the other. */
export const elementsIn = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / elementBytes }, (_, i) =>
    bytes.subarray(i * elementBytes, (i + 1) * elementBytes),
  );

/** DeserializeScalar (RFC 9497, section 4.1), and not zero: libsodium itself would mask the highest bit. */
export const isScalar = (bytes: Uint8Array): boolean =>
  bytes.length === scalarBytes &&
  bytes.some((byte) => byte !== 0) &&
  sodium.memcmp(
    sodium.crypto_core_ristretto255_scalar_reduce(concatBytes(bytes, new Uint8Array(scalarBytes))),
    bytes,
  );

/**
 * Elements come from the other side. libsodium refuses what is not canonical or not of the group as it multiplies, and so
 * it does the identity: one evaluation would tell about the key, and one token stand for every input.
 * @throws BlindError `element-invalid`
 */
export function multiply(scalar: Uint8Array, element: Uint8Array): Uint8Array {
  try {
    return sodium.crypto_scalarmult_ristretto255(scalar, element);
  } catch (cause) {
    throw new BlindError('element-invalid', 'not an element of the group', { cause });
  }
}

export const multiplyBase = (scalar: Uint8Array): Uint8Array =>
  sodium.crypto_scalarmult_ristretto255_base(scalar);

export const add = (a: Uint8Array, b: Uint8Array): Uint8Array =>
  sodium.crypto_core_ristretto255_add(a, b);

export const scalar = {
  /** RandomScalar, by wide reduction (RFC 9497, section 4.7.2). libsodium asks the system for each four bytes. */
  random: (): Uint8Array =>
    sodium.crypto_core_ristretto255_scalar_reduce(crypto.getRandomValues(new Uint8Array(64))),
  /**
   * Inverts one or more scalars by a single inversion, which takes as long as twenty multiplications (Montgomery's
   * trick).
   */
  invert: (all: readonly Uint8Array[]): Uint8Array[] => {
    const upTo: Uint8Array[] = [];
    for (const a of all) upTo.push(upTo.length === 0 ? a : scalar.multiply(upTo.at(-1)!, a));
    let inverse = sodium.crypto_core_ristretto255_scalar_invert(upTo.at(-1)!);
    const inverses = [...all];
    for (let i = all.length - 1; i > 0; i--) {
      inverses[i] = scalar.multiply(inverse, upTo[i - 1]!);
      inverse = scalar.multiply(inverse, all[i]!);
    }
    return inverses.with(0, inverse);
  },
  multiply: (a: Uint8Array, b: Uint8Array): Uint8Array =>
    sodium.crypto_core_ristretto255_scalar_mul(a, b),
  subtract: (a: Uint8Array, b: Uint8Array): Uint8Array =>
    sodium.crypto_core_ristretto255_scalar_sub(a, b),
};

/** expand_message_xmd with SHA-512 to 64 bytes (RFC 9380, section 5.3.1): one block. */
function expand(message: Uint8Array, domain: string): Uint8Array {
  const dst = utf8(domain);
  const dstPrime = concatBytes(dst, Uint8Array.of(dst.length));
  const first = sha512(
    concatBytes(new Uint8Array(128), message, Uint8Array.of(0, outputBytes, 0), dstPrime),
  );
  return sha512(concatBytes(first, Uint8Array.of(1), dstPrime));
}
