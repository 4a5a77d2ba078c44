/** Codes as the list of a check constraint. */
export const quoted = (codes: readonly string[]): string =>
  codes.map((code) => `'${code}'`).join(', ');
