import { Kysely } from 'kysely';
import postgres from 'postgres';
import type { Database, Db } from './database.ts';
import { postgresDialect } from './postgres-dialect.ts';

/**
 * A handle on any PostgreSQL. With `role`, every connection acts as that role whatever it logged in as.
 * `connections` bounds the pool: admit no more work than that, or postgres.js queues and slows.
 */
export function connect(options: { url: string; connections?: number; role?: string }): Db {
  const client = postgres(options.url, {
    max: options.connections ?? 10,
    onnotice: () => {},
    types: { bigint: { to: 20, from: [20], serialize: String, parse: wholeNumber } },
    connection: {
      application_name: 'recourse',
      ...(options.role === undefined ? {} : { role: options.role, ...impatience }),
    },
  });
  return new Kysely<Database>({ dialect: postgresDialect(client) });
}

/** Milliseconds after which a server gives up on a lock, a statement or a transaction it forgot: 503, not silence. */
const impatience = {
  lock_timeout: 10_000,
  statement_timeout: 60_000,
  idle_in_transaction_session_timeout: 60_000,
};

/** PostgreSQL's bigint holds epochs and sequence numbers here, never more than 2^53. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint beyond 2^53');
  return value;
}
