import { createHmac, hkdfSync } from 'node:crypto';
import type { PrivateJwk } from '@recourse/protocol';

/** What a record is called in the journal and towards the registry. */
export interface RecordNames {
  /** Changes with the content of the row */
  hash(content: string): string;
  /** Idempotency key: the same for the same party, id and content, on any machine with the same key */
  idem(of: { party: string; externalId: string; hash: string; attempt: number }): string;
}

/**
 * Keyed with a secret derived from the trust key: the registry sees the idempotency key, and a plain hash would let it
 * test guesses of the identifiers in the row.
 */
export function recordNames(key: PrivateJwk): RecordNames {
  const secret = Buffer.from(hkdfSync('sha256', key.d, '', 'recourse/import/1', 32));
  const mac = (parts: readonly unknown[]): string =>
    createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url');
  return {
    hash: (content) => mac(['content', content]),
    idem: ({ party, externalId, hash, attempt }) => mac(['idem', party, externalId, hash, attempt]),
  };
}
