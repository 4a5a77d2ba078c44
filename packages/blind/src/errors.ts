/** Why a batch, an element, a key, a proof or a prefix set is refused. */
export type BlindErrorCode =
  | 'element-invalid'
  | 'proof-invalid'
  | 'batch-invalid'
  | 'input-invalid'
  | 'key-invalid'
  | 'prefixes-invalid'
  | 'prefixes-too-many'
  | 'overloaded'
  | 'closed'
  | 'worker-failed';

/** Thrown by both halves of the OPRF and by prefix sets. Messages hold no elements, inputs, keys or prefixes. */
export class BlindError extends Error {
  override readonly name = 'BlindError';
  readonly code: BlindErrorCode;

  constructor(code: BlindErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
