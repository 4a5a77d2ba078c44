import { Kysely } from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import postgres from 'postgres';
import type { Database, Db } from './database.ts';

/**
 * A handle on any PostgreSQL. With `role`, every connection acts as that role whatever it logged in as.
 * `connections` bounds the pool: admit no more work than that, or postgres.js queues and slows.
 */
export function connect(options: { url: string; connections?: number; role?: string }): Db {
  const client = postgres(options.url, {
    max: options.connections ?? 10,
    onnotice: () => {},
    connection: {
      application_name: 'recourse',
      ...(options.role === undefined ? {} : { role: options.role }),
    },
  });
  return new Kysely<Database>({ dialect: new PostgresJSDialect({ postgres: client }) });
}
