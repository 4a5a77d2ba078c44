import type { ReviewId, SealingKey } from '@recourse/protocol';

/** The private half of an ECDH P-256 key that evidence of a case, or journals, are sealed to (RFC 7517). */
export type PrivateSealingKey = SealingKey & {
  /** The private value, base64url: keep it secret */
  readonly d: string;
};

/** Use of a sealing key: a case of a reviewer, or the journals that a trust key reads, by its thumbprint. */
export type SealingKeyName = ReviewId | `key-${string}`;

/**
 * Keeps sealing keys: a reviewer's, one for each appeal and inspection until its decision, and one for each trust key.
 * Give a store that outlives the process: without the key nobody opens what was sealed to it.
 */
export interface SealingKeys {
  /** Resolves when the key is durable */
  save(name: SealingKeyName, jwk: PrivateSealingKey): Promise<void>;

  /** The key of that name, undefined if there is none */
  load(name: SealingKeyName): Promise<PrivateSealingKey | undefined>;
}

/** Sealing keys in memory: after the program ended, nobody opens what was delivered. */
export function memorySealingKeys(): SealingKeys {
  const keys = new Map<string, PrivateSealingKey>();
  return {
    save: async (name, jwk) => void keys.set(name, jwk),
    load: async (name) => keys.get(name),
  };
}
