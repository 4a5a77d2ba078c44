import { concatBytes } from '@noble/hashes/utils.js';
import { BlindError } from './errors.ts';
import {
  add,
  compositeSeed,
  hashToScalar,
  isScalar,
  lengthPrefixed,
  multiply,
  multiplyBase,
  scalar,
  scalarBytes,
  utf8,
} from './suite.ts';

/** A batch whose elements were all multiplied by one key. */
interface Batch {
  readonly publicKey: Uint8Array;
  readonly blinded: readonly Uint8Array[];
  readonly evaluated: readonly Uint8Array[];
}

/**
 * GenerateProof with ComputeCompositesFast (RFC 9497, section 2.2.1): n + 3 multiplications for n elements.
 * @returns c || s, 64 bytes
 */
export function proveBatch(
  secretKey: Uint8Array,
  batch: Batch,
  random: Uint8Array = scalar.random(),
): Uint8Array {
  const m = weightedSum(batch.blinded, compositeWeights(batch));
  const z = multiply(secretKey, m);
  const c = challenge(batch.publicKey, [m, z, multiplyBase(random), multiply(random, m)]);
  return concatBytes(c, scalar.subtract(random, scalar.multiply(c, secretKey)));
}

/**
 * VerifyProof (RFC 9497, section 2.2.2): without it a registry could answer one platform under a key of
 * its own, and recognise its tokens.
 * @throws BlindError `proof-invalid`
 */
export function verifyBatch(batch: Batch, proof: Uint8Array): void {
  const c = proof.subarray(0, scalarBytes);
  const s = proof.subarray(scalarBytes);
  // The proof is attacker-controlled: one spelling only, or a second proof comes free with every first.
  if (!isScalar(c) || !isScalar(s)) throw new BlindError('proof-invalid', 'not two scalars');
  const weights = compositeWeights(batch);
  const m = weightedSum(batch.blinded, weights);
  const z = weightedSum(batch.evaluated, weights);
  const t2 = add(multiplyBase(s), multiply(c, batch.publicKey));
  const t3 = add(multiply(s, m), multiply(c, z));
  const expected = challenge(batch.publicKey, [m, z, t2, t3]);
  if (!expected.every((byte, i) => byte === c[i])) {
    throw new BlindError('proof-invalid', 'not evaluated by the announced key');
  }
}

/** d_i of ComputeComposites */
function compositeWeights({ publicKey, blinded, evaluated }: Batch): Uint8Array[] {
  const seed = lengthPrefixed(compositeSeed(publicKey));
  return blinded.map((element, i) =>
    hashToScalar(
      concatBytes(
        seed,
        Uint8Array.of(i >> 8, i & 0xff),
        lengthPrefixed(element),
        lengthPrefixed(evaluated[i]!),
        utf8('Composite'),
      ),
    ),
  );
}

function weightedSum(elements: readonly Uint8Array[], weights: readonly Uint8Array[]): Uint8Array {
  return elements.map((element, i) => multiply(weights[i]!, element)).reduce(add);
}

function challenge(publicKey: Uint8Array, elements: readonly Uint8Array[]): Uint8Array {
  const parts = [publicKey, ...elements].map(lengthPrefixed);
  return hashToScalar(concatBytes(...parts, utf8('Challenge')));
}
