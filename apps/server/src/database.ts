import { join } from 'node:path';
import { connect, migrate, serviceRole, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import type { ServerConfig } from './config.ts';
import { ServerError } from './errors.ts';
import { connectionsFor } from './http/queues.ts';
import type { Log } from './log.ts';
import { keepPostgres } from './postgres/kept-postgres.ts';

export interface OpenDatabase {
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * Opens the configured PostgreSQL, or the embedded one, with its schema up to date.
 * @param as who asks of it: a server is bound to what the service role may, a recovery destroys keys again
 * @throws ServerError `database_unreachable`, `migration_failed`, or those of the embedded PostgreSQL
 */
export async function openDatabase(
  config: ServerConfig,
  log: Log,
  as: 'service' | 'owner' = 'service',
): Promise<OpenDatabase> {
  const { databaseUrl, databaseOwnerUrl = databaseUrl } = config;
  if (databaseUrl !== undefined && databaseOwnerUrl !== undefined) {
    await bringUpToDate(databaseOwnerUrl, log);
    const db = await open(as === 'owner' ? databaseOwnerUrl : databaseUrl, config, as);
    return { db, close: () => db.destroy() };
  }
  const postgres = await keepPostgres(join(config.dataDir, 'postgres'), log);
  try {
    await bringUpToDate(postgres.ownerUrl, log);
    const db = await open(as === 'owner' ? postgres.ownerUrl : postgres.url, config, as);
    const close = async (): Promise<void> => {
      await db.destroy();
      await postgres.stop();
    };
    return { db, close };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function bringUpToDate(url: string, log: Log): Promise<void> {
  log.progress('Bringing the schema up to date');
  try {
    await migrate({ url });
  } catch (cause) {
    if (isUnreachable(cause)) throw unreachable(cause);
    throw new ServerError(
      'migration_failed',
      'The schema could not be brought up to date: DATABASE_OWNER_URL must log in as the owner of the database, who may create tables in it.',
      { cause },
    );
  }
}

async function open(url: string, config: ServerConfig, as: 'service' | 'owner'): Promise<Db> {
  const connections = connectionsFor(config.concurrency);
  const db = connect({ url, connections, ...(as === 'service' ? { role: serviceRole } : {}) });
  try {
    await sql`select 1`.execute(db);
    return db;
  } catch (cause) {
    await db.destroy();
    throw unreachable(cause);
  }
}

/** Of the URL, which holds a password, nothing is said. */
const unreachable = (cause: unknown): ServerError =>
  new ServerError(
    'database_unreachable',
    `PostgreSQL does not let us in (${codeOf(cause)}): check that it runs, and host, user, password and database in DATABASE_URL; its user must be ${serviceRole}, or a member of that role.`,
    { cause },
  );

/** Of a lost connection, the code of what lost it. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no code';
  const cause = error.cause === undefined ? 'no code' : codeOf(error.cause);
  return cause === 'no code' && 'code' in error ? String(error.code) : cause;
}

/** A failed connection, or a refused login (SQLSTATE class 28), or no such database (3D). */
const isUnreachable = (error: unknown): boolean =>
  /^(E[A-Z]+|CONNECT|CONNECTION|28...|3D...|57P03)/.test(codeOf(error));
