/** Bytes as text in base64url, without padding: SQL of the expression. */
export const base64url = (bytes: string): string =>
  `rtrim(translate(encode(${bytes}, 'base64'), '+/', '-_'), '=')`;
