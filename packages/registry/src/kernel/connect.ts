import { Kysely } from 'kysely';
import type { Database, Db } from './database.ts';
import { arrayTypes } from './postgres-arrays.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { Pool } from './postgres-pool.ts';
import type { SessionSettings } from './postgres-session.ts';

/**
 * A handle on any PostgreSQL. With `role`, every connection acts as that role whatever it logged in as.
 * `connections` bounds the pool: work beyond them waits its turn for ten seconds. Whatever is asked of it settles: with
 * `ConnectionError` in some seconds when PostgreSQL or the line to it is gone.
 */
export function connect(options: { url: string; connections?: number; role?: string }): Db {
  const { url, role } = options;
  const pool = new Pool({
    size: options.connections ?? 10,
    work: settingsFor(url, role === undefined ? {} : { role, ...shortStatements, ...impatience }),
    look: settingsFor(url, {}),
    longestMs: role === undefined ? undefined : impatience.statement_timeout + 5_000,
  });
  return new Kysely<Database>({ dialect: postgresDialect(pool) });
}

/** Statements of a server are short: to compile one, or to start workers for it, takes longer than to run it. postgres.js drops a 0. */
const shortStatements = { jit: 'off', max_parallel_workers_per_gather: '0' };

/** Milliseconds after which a server gives up on a lock, a statement or a transaction it forgot: 503, not silence. */
const impatience = {
  lock_timeout: 10_000,
  statement_timeout: 60_000,
  idle_in_transaction_session_timeout: 60_000,
};

const settingsFor = (
  url: string,
  connection: Record<string, string | number>,
): SessionSettings => ({
  url,
  options: {
    onnotice: () => {},
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: wholeNumber },
      ...arrayTypes(wholeNumber),
    },
    connection: { application_name: 'recourse', ...connection },
  },
});

/** PostgreSQL's bigint holds epochs and sequence numbers here, never more than 2^53. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint beyond 2^53');
  return value;
}
