import { Resolver } from 'node:dns/promises';
import { Problem } from '@recourse/protocol';

export type TxtRecords = (name: string) => Promise<readonly string[]>;

/** No such record, or a name too long to have one, which is an answer; anything else is a failure to ask. */
const absent: ReadonlySet<unknown> = new Set(['ENODATA', 'ENOTFOUND', 'EBADNAME']);
const mostRecords = 64;

/**
 * Looks up TXT records by DNS alone: no hosts file, no search domain, and an answer or a refusal within seconds. The
 * name is attacker-controlled, and so is whatever its owner answers.
 *
 * @param server `address` or `address:port`; the machine's resolvers without it
 */
export function txtRecordsOf(
  server?: string,
  waits: { timeout: number } = { timeout: 2000 },
): TxtRecords {
  const resolver = new Resolver({ ...waits, tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  return async (name) => {
    try {
      const records = await resolver.resolveTxt(name);
      return records.slice(0, mostRecords).map((parts) => parts.join(''));
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && absent.has(cause.code)) return [];
      throw new Problem('overloaded', { retryAfterSeconds: 30, cause });
    }
  };
}
