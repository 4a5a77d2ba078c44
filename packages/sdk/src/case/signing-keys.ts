import { generateKey, signerFromJwk, type Signer } from '@recourse/protocol';

/** Keeps each claimant's signing key by the secret that opens the case. It signs withdrawals and erasures. */
export interface SigningKeys {
  /** The key of a secret, undefined if there is none */
  get(secret: string): Signer | undefined | Promise<Signer | undefined>;

  /** Keeps the key of a secret */
  set(secret: string, signer: Signer): void | Promise<void>;
}

/** In memory: after the program ended, a withdrawal is unsigned and waits 14 days. */
export function memorySigningKeys(): SigningKeys {
  const keys = new Map<string, Signer>();
  return {
    get: (secret) => keys.get(secret),
    set: (secret, signer) => void keys.set(secret, signer),
  };
}

/** Cases that were found by one proof have one secret, with a number behind it, and one key. */
export const withoutNumber = (secret: string): string => secret.split('.')[0] ?? secret;

/** The key of a secret, made where there is none. */
export async function keyFor(keys: SigningKeys, secret: string): Promise<Signer> {
  const known = await keys.get(secret);
  if (known) return known;
  const made = await signerFromJwk(await generateKey('ES256'));
  await keys.set(secret, made);
  return made;
}
