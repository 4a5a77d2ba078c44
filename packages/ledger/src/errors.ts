/** Why an input of this package is refused. */
export type LedgerErrorCode =
  /** An index or a size is no safe integer, or out of range; sizes end at 2^53 - 1 */
  | 'size-invalid'
  | 'hash-invalid'
  | 'proof-malformed'
  | 'proof-mismatch'
  | 'path-malformed'
  | 'tile-malformed'
  | 'bundle-malformed'
  | 'edge-invalid'
  | 'too-large'
  | 'note-malformed'
  | 'checkpoint-malformed'
  | 'request-malformed'
  | 'key-malformed'
  | 'key-weak'
  | 'key-mismatch'
  | 'key-ambiguous'
  | 'key-unusable'
  | 'time-invalid'
  | 'signature-invalid'
  | 'signature-missing'
  | 'origin-mismatch'
  | 'policy-invalid'
  | 'witnesses-missing';

/** Thrown when an input does not prove its claim, or cannot be read. Act on `code`. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
