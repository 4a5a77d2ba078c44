import { BlindError } from './errors.ts';
import { verifyBatch } from './proof.ts';
import {
  assertInput,
  finalHash,
  hashToGroup,
  largestBatch,
  multiply,
  scalar,
  utf8,
} from './suite.ts';

/** Bytes of a token: the first half of the OPRF output. */
export const tokenBytes = 32;

/** The OPRF input of an identifier in canonical form: `recourse/v1/<kind>:<canonical>`. */
export const tokenInput = (kind: string, canonical: string): Uint8Array =>
  utf8(`recourse/v1/${kind}:${canonical}`);

/** Blinded inputs, in the order of the inputs. */
export interface BlindedBatch {
  /** Scalars that stay with the caller, 32 bytes each */
  readonly blinds: Uint8Array[];
  /** Elements to send, 32 bytes each: they tell nothing about the inputs */
  readonly blinded: Uint8Array[];
}

/**
 * Blinds 1 to 64 inputs (RFC 9497, section 3.3.2). Await `ready()` before.
 * @throws BlindError `batch-invalid` or `input-invalid`
 */
export function blind(
  inputs: readonly Uint8Array[],
  blinds: Uint8Array[] = inputs.map(() => scalar.random()),
): BlindedBatch {
  if (inputs.length < 1 || inputs.length > largestBatch || blinds.length !== inputs.length) {
    throw new BlindError('batch-invalid', 'a batch has 1 to 64 inputs');
  }
  for (const input of inputs) assertInput(input);
  return {
    blinds,
    blinded: inputs.map((input, i) => multiply(blinds[i]!, hashToGroup(input))),
  };
}

/** A batch of inputs with the answer of the registry to it. */
export interface Evaluation {
  readonly inputs: readonly Uint8Array[];
  readonly blinds: readonly Uint8Array[];
  readonly blinded: readonly Uint8Array[];
  /** Elements that the registry evaluated, 32 bytes each: attacker-controlled until the proof holds */
  readonly evaluated: readonly Uint8Array[];
  readonly proof: Uint8Array;
  /** The announced key of the epoch, 32 bytes */
  readonly publicKey: Uint8Array;
}

/**
 * Verifies the proof over the batch, then unblinds.
 * @returns outputs of 64 bytes, in the order of the inputs
 * @throws BlindError `batch-invalid`, `element-invalid` or `proof-invalid`
 */
export function finalize(evaluation: Evaluation): Uint8Array[] {
  const { inputs, blinds, blinded, evaluated, publicKey, proof } = evaluation;
  if ([blinds, blinded, evaluated].some(({ length }) => length !== inputs.length)) {
    throw new BlindError('batch-invalid', 'another number of elements came back');
  }
  verifyBatch({ publicKey, blinded, evaluated }, proof);
  const inverses = scalar.invert(blinds);
  return inputs.map((input, i) => finalHash(input, multiply(inverses[i]!, evaluated[i]!)));
}

/** The token of an output: all that a registry ever stores of an identifier. */
export const token = (output: Uint8Array): Uint8Array => output.slice(0, tokenBytes);
