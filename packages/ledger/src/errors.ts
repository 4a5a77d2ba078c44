export type LedgerErrorCode = 'proof-malformed' | 'proof-mismatch' | 'size-invalid';

/** Thrown when a proof does not prove. Act on `code`. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
