import type { Id, SealingKey } from '@recourse/protocol';

/** The private half of the ECDH P-256 key that evidence of one appeal is sealed to (RFC 7517). */
export type PrivateSealingKey = SealingKey & { readonly d: string };

/**
 * Keeps a reviewer's sealing keys, one for each appeal, until its decision. Give one that outlives the
 * process: without its key, evidence that was delivered can be opened by nobody.
 */
export interface SealingKeys {
  save(appeal: Id<'apl'>, jwk: PrivateSealingKey): Promise<void>;
  load(appeal: Id<'apl'>): Promise<PrivateSealingKey | undefined>;
}

export function memorySealingKeys(): SealingKeys {
  const keys = new Map<string, PrivateSealingKey>();
  return {
    save: async (appeal, jwk) => void keys.set(appeal, jwk),
    load: async (appeal) => keys.get(appeal),
  };
}
