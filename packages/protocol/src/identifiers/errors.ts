/** Why an identifier has no canonical form. */
export type IdentifierErrorCode =
  /** Not an identifier of this kind, or with no canonical form. */
  | 'not-canonicalisable'
  /** A domain under which strangers publish: a match on it would be a false one. */
  | 'shared-host'
  /** A host below or above a registrable domain; control of one part is not control of the whole. */
  | 'not-registrable'
  /** A phone number of a premium, shared-cost, pager or satellite range: no person is reached by it at a usual price. */
  | 'phone-range'
  /** An IP address, which this registry never holds. */
  | 'ip-address';

/** Thrown when an identifier has no canonical form. The message never holds the identifier, so it can be logged. */
export class IdentifierError extends Error {
  override readonly name = 'IdentifierError';
  readonly code: IdentifierErrorCode;

  constructor(code: IdentifierErrorCode) {
    super(`identifier refused: ${code}`);
    this.code = code;
  }
}
