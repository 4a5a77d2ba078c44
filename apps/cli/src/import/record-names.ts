import { createHmac } from 'node:crypto';

/** What a record is called in the journal and towards the registry. */
export interface RecordNames {
  /** Changes with the content of the row */
  hash(content: string): string;
  /** Idempotency key: the same for the same party, id and content in one journal */
  idem(of: { party: string; externalId: string; hash: string; attempt: number }): string;
}

/**
 * Keyed with the secret of the journal: the registry sees the idempotency key, and a plain hash would let it test
 * guesses of the identifiers in the row.
 */
export function recordNames(secret: string): RecordNames {
  const key = Buffer.from(secret, 'base64url');
  const mac = (parts: readonly unknown[]): string =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
  return {
    hash: (content) => mac(['content', content]),
    idem: ({ party, externalId, hash, attempt }) => mac(['idem', party, externalId, hash, attempt]),
  };
}
