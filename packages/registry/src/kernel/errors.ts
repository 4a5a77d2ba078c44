export type RegistryErrorCode = 'vault-sealed' | 'configuration-invalid';

/** A fault of the registry itself: callers see `internal` or 503, operators see the code. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;

  constructor(code: RegistryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
