import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { Db } from './database.ts';

/** The name of each step that ran, and the digest of its text */
export type AppliedSteps = ReadonlyMap<string, string>;

/**
 * For this transaction. A little more than `deadlock_timeout`, a second by default: then PostgreSQL ends an autovacuum that
 * is in the way, and before it never does. @returns the process of PostgreSQL that runs it
 */
export async function beImpatient(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ pid: number }>`
    select pg_backend_pid() as pid, set_config('lock_timeout', (setting::int + 200)::text, true)
    from pg_settings where name = 'deadlock_timeout'`.execute(db);
  return rows[0]?.pid ?? 0;
}

export async function readDigests(db: QueryExecutorProvider): Promise<Record<string, string>> {
  const { rows } = await sql<{ digests: Record<string, string> | null }>`
    select obj_description('kysely_migration'::regclass, 'pg_class')::json as digests`.execute(db);
  return rows[0]?.digests ?? {};
}

export async function readApplied(db: Db): Promise<AppliedSteps | 'unreadable'> {
  // Null where there is no such table.
  const found = await sql<{ may: boolean | null }>`
    select has_table_privilege(to_regclass('kysely_migration'), 'select') as may`.execute(db);
  const may = found.rows[0]?.may;
  if (may === null || may === undefined) return new Map();
  if (!may) return 'unreadable';
  const digests = await readDigests(db);
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return new Map(rows.map(({ name }) => [name, digests[name] ?? '']));
}

export async function runAll(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** Keeps a digest of the text of each step that ran, in the comment of the table of steps. */
export async function keepDigests(
  db: Kysely<unknown>,
  digests: Readonly<Record<string, string>>,
): Promise<void> {
  await sql`comment on table kysely_migration is ${sql.lit(JSON.stringify(digests))}`.execute(db);
}
