import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { openConnections, type Connections, type Handles } from './handles.ts';
import { onDatabase, TEMPLATE, workerPostgres } from './template.ts';
import { wipe } from './wipe.ts';

/** A migrated, empty database of one test. `url` connects as the service role, `ownerUrl` as the schema's owner. */
export interface FreshDatabase {
  readonly url: string;
  readonly ownerUrl: string;
  /** Handles until `drop`, on connections that the next test takes over */
  handles(): Handles;
  /** @throws when it was dropped before, or when something of the test still has a connection to it */
  drop(): Promise<void>;
}

export interface FreshOptions {
  /** One that no test had before: its rows lie in the order in which they are written */
  readonly unused?: boolean;
}

/** A database of this worker, with connections that outlive a test. */
interface KeptDatabase {
  readonly name: string;
  readonly admin: postgres.Sql;
  connections: Connections | undefined;
}

/** Databases of this worker that were wiped and wait for the next test. */
const idle: KeptDatabase[] = [];

/**
 * A database as the template has it; needs `global-setup`. A clone costs some 300 ms and a wipe some 10, so `drop` wipes
 * it for the next test; one whose schema was changed is dropped. Stop servers and close every other connection before
 * `drop`: what goes on would meet the next test.
 */
export async function freshDatabase({ unused = false }: FreshOptions = {}): Promise<FreshDatabase> {
  const { url, ownerUrl, adminUrl, wipe: script } = workerPostgres();
  const database = (unused ? undefined : idle.pop()) ?? (await clone(adminUrl));
  const { name } = database;
  const urls = { url: onDatabase(url, name), ownerUrl: onDatabase(ownerUrl, name) };
  let handles: Handles | undefined;
  let isDropped = false;
  return {
    ...urls,
    handles: () => (handles ??= (database.connections ??= openConnections(urls)).handles()),
    drop: async () => {
      if (isDropped) throw new Error('the database was dropped before');
      isDropped = true;
      await handles?.close();
      let isClean = false;
      try {
        isClean = await wipe(database.admin, script);
      } finally {
        if (isClean) idle.push(database);
        else await discard(adminUrl, database);
      }
    },
  };
}

/** So that nobody gets it, nor what still has a connection to it. */
async function discard(
  adminUrl: string,
  { name, admin, connections }: KeptDatabase,
): Promise<void> {
  await Promise.all([connections?.end(), admin.end()]);
  await asAdmin(adminUrl, [`drop database if exists ${name} with (force)`]);
}

async function clone(adminUrl: string): Promise<KeptDatabase> {
  const name = `recourse_${randomBytes(8).toString('hex')}`;
  await asAdmin(adminUrl, [
    `create database ${name} template ${TEMPLATE} owner recourse_owner`,
    `revoke all on database ${name} from public`,
    `grant connect on database ${name} to recourse_service`,
  ]);
  const admin = postgres(onDatabase(adminUrl, name), {
    max: 1,
    onnotice: () => undefined,
    fetch_types: false,
  });
  return { name, admin, connections: undefined };
}

/** Runs statements one by one as the superuser of a server of tests. */
export async function asAdmin(adminUrl: string, statements: readonly string[]): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    for (const statement of statements) await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

/** Names of all constraints, unique indexes, triggers and policies that a database has. */
export async function constraintNames(ownerUrl: string): Promise<ReadonlySet<string>> {
  const sql = postgres(ownerUrl, { max: 1 });
  try {
    const rows = await sql<{ name: string }[]>`
      select conname as name from pg_constraint where connamespace = 'public'::regnamespace
      union select indexname from pg_indexes
        where schemaname = 'public' and indexdef like 'CREATE UNIQUE%'
      union select tgname from pg_trigger where not tgisinternal
      union select policyname from pg_policies`;
    return new Set(rows.map(({ name }) => name));
  } finally {
    await sql.end();
  }
}
