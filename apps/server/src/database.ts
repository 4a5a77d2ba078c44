import { join } from 'node:path';
import {
  connect,
  connectionCode,
  hostsOf,
  isLockedOut,
  migrate,
  readSchema,
  serviceRole,
  type Db,
  type HostFigures,
  type LockHolder,
  type Migrating,
} from '@recourse/registry';
import type { ServerConfig } from './config/config.ts';
import { ServerError } from './errors.ts';
import { connectionsFor } from './http/queues.ts';
import type { Log } from './log.ts';
import { versionOf } from './postgres-store.ts';
import { keepPostgres } from './postgres/kept-postgres.ts';
import {
  assertPostgres,
  assertSchema,
  sayLocked,
  sayLockedOut,
  whyNotMigrated,
  whyUnreachable,
} from './database.rules.ts';

export interface OpenDatabase {
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * Opens the configured PostgreSQL, or the embedded one. The schema of that one, and of a sandbox, is brought up to
 * date. Production with a PostgreSQL of its own waits for `recourse-server migrate`: no server has the owner's password.
 * @param as who asks of it: a server is bound to what the service role may, a recovery destroys keys again
 * @throws ServerError `database_unreachable`, `database_refused`, `postgres_too_old`, `migration_failed`, those of `assertSchema`, or those of
 * the embedded PostgreSQL
 */
export async function openDatabase(
  config: ServerConfig,
  log: Log,
  as: 'service' | 'owner' = 'service',
): Promise<OpenDatabase> {
  const { databaseUrl, databaseOwnerUrl = databaseUrl } = config;
  if (databaseUrl !== undefined && databaseOwnerUrl !== undefined) {
    if (config.mode === 'sandbox') await bringUpToDate(databaseOwnerUrl, log);
    const url = as === 'owner' ? databaseOwnerUrl : databaseUrl;
    const db = await open(url, { config, log, as });
    return { db, close: () => db.destroy() };
  }
  const postgres = await keepPostgres(join(config.dataDir, 'postgres'), log);
  try {
    await bringUpToDate(postgres.ownerUrl, log);
    const url = as === 'owner' ? postgres.ownerUrl : postgres.url;
    const db = await open(url, { config, log, as });
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

/**
 * Runs the steps of the schema that a database lacks, as its owner. @returns their names
 * @throws ServerError `database_unreachable`, `database_refused`, `postgres_too_old`, `schema_locked` or
 * `migration_failed`
 */
export async function bringUpToDate(
  url: string,
  log: Pick<Log, 'progress'>,
  options: Pick<Migrating, 'waitMs' | 'contract'> = {},
): Promise<string[]> {
  log.progress('Bringing the schema up to date');
  await asOwner(url, async () => undefined);
  let held: readonly LockHolder[] = [];
  const onLocked: Migrating['onLocked'] = (holders, againMs) => {
    held = holders;
    if (againMs !== undefined) log.progress(sayLocked(holders, againMs));
  };
  try {
    return await migrate({ url, ...options, onLocked });
  } catch (cause) {
    if (isUnreachable(cause)) throw unreachable(cause);
    if (isLockedOut(cause)) throw new ServerError('schema_locked', sayLockedOut(held), { cause });
    throw new ServerError('migration_failed', whyNotMigrated(cause), { cause });
  }
}

/** @throws ServerError `database_unreachable`, `database_refused`, `postgres_too_old` or what the work throws */
export async function asOwner<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = connect({ url, connections: 1 });
  try {
    assertPostgres(await versionAt(db));
    return await work(db);
  } catch (error) {
    throw isUnreachable(error) ? unreachable(error) : error;
  } finally {
    await db.destroy();
  }
}

async function open(
  url: string,
  { config, log, as }: { config: ServerConfig; log: Log; as: 'service' | 'owner' },
): Promise<Db> {
  const connections = connectionsFor(config.concurrency);
  const db = connect({ url, connections, ...(as === 'service' ? { role: serviceRole } : {}) });
  try {
    assertPostgres(await versionAt(db));
    assertSchema(await readSchema(db), log);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function versionAt(db: Db): Promise<number> {
  try {
    return await versionOf(db);
  } catch (cause) {
    throw unreachable(cause, hostsOf(db));
  }
}

/**
 * Turns a failed login into an error, by host: of the URL, which holds a password, nothing else is said. A host that
 * nobody reaches may come back (`database_unreachable`). One that knows no such user, password or database does not
 * (`database_refused`).
 */
export function unreachable(
  cause: unknown,
  { failed }: Pick<HostFigures, 'failed'> = { failed: [] },
): ServerError {
  const codes = [connectionCode(cause), ...failed.map((one) => one.code)];
  const refused = codes.find((code) => isRefused.test(code));
  const where = failed.map((one) => `${one.host} ${one.code}`).join(', ') || codes[0];
  const does = refused === undefined ? 'does not answer' : 'does not let us in';
  return new ServerError(
    refused === undefined ? 'database_unreachable' : 'database_refused',
    `PostgreSQL ${does} (${where}): ${whyUnreachable(codes)}`,
    { cause },
  );
}

/** A login, a database or a role that PostgreSQL does not know, or what a pooler makes of the start of a session */
const isRefused = /^(28|3D|08P01$|CONNECTION_ROLE$)/;

/** Whether a start that failed with this may succeed by itself: PostgreSQL fails over, starts, or is full of connections. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ServerError) return error.code === 'database_unreachable';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(CONNECTION_(LOST|ENDED|READ_ONLY)|53300|57P0|25006|08(?!P01))/.test(code);
}

/** A failed connection, or a refused login (SQLSTATE class 28), or no such database (3D). */
const isUnreachable = (error: unknown): boolean =>
  !(error instanceof ServerError) &&
  /^(E[A-Z]+|CONNECT|CONNECTION|28...|3D...|57P..)/.test(connectionCode(error));
