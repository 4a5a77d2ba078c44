/** Why an artefact of the wire is refused. */
export type ProtocolErrorCode =
  | 'base64url-invalid'
  | 'json-invalid'
  | 'jws-malformed'
  | 'header-invalid'
  | 'typ-mismatch'
  | 'alg-mismatch'
  | 'kid-mismatch'
  | 'signature-invalid'
  /** ES256 alone: the signer has to send n - s in the place of s */
  | 'signature-high-s'
  | 'key-invalid'
  | 'key-weak'
  | 'payload-invalid'
  | 'audience-mismatch'
  | 'issuer-mismatch'
  | 'chain-broken'
  | 'receipt-malformed'
  | 'receipt-mismatch'
  | 'commitment-mismatch'
  | 'opening-mismatch'
  | 'evidence-invalid';

/** Thrown when an artefact of the wire does not prove its claim. `message` is for developers; act on `code`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
