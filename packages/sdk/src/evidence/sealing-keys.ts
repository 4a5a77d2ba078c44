import type { ReviewId, SealingKey } from '@recourse/protocol';

/** The private half of the ECDH P-256 key that evidence of one appeal or inspection is sealed to (RFC 7517). */
export type PrivateSealingKey = SealingKey & {
  /** The private value, base64url: keep it secret */
  readonly d: string;
};

/**
 * Keeps a reviewer's sealing keys, one for each appeal and inspection, until its decision. Give a store that outlives
 * the process: without the key nobody opens the delivered evidence.
 */
export interface SealingKeys {
  /** Resolves when the key is durable */
  save(review: ReviewId, jwk: PrivateSealingKey): Promise<void>;

  /** The key of a case, undefined if there is none */
  load(review: ReviewId): Promise<PrivateSealingKey | undefined>;
}

/** Sealing keys in memory: after the program ended, nobody opens what was delivered. */
export function memorySealingKeys(): SealingKeys {
  const keys = new Map<string, PrivateSealingKey>();
  return {
    save: async (review, jwk) => void keys.set(review, jwk),
    load: async (review) => keys.get(review),
  };
}
