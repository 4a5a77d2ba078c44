/** Why a witness does not start, or does not cosign. */
export type WitnessErrorCode =
  | 'state-missing'
  | 'state-exists'
  | 'state-damaged'
  | 'state-in-use'
  | 'state-unwritable'
  | 'state-closed'
  | 'log-invalid';

/** Why a witness does not start, or does not cosign. */
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
  readonly code: WitnessErrorCode;
  /** The next step of its operator */
  readonly next: string;

  constructor(
    code: WitnessErrorCode,
    text: { message: string; next: string },
    options?: ErrorOptions,
  ) {
    super(text.message, options);
    this.code = code;
    this.next = text.next;
  }
}
