import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parseCheckpoint, parseNote, rootFromTiles } from '@recourse/ledger';
import {
  checkTree,
  readState,
  readSchema,
  schemaDigests,
  tilesOf,
  type Db,
} from '@recourse/registry';
import { sql as query } from 'kysely';
import type { Sql } from 'postgres';
import type { ServerConfig } from '../config/config.ts';
import { asOwner, bringUpToDate } from '../database.ts';
import { assertSchema } from '../database.rules.ts';
import { ServerError } from '../errors.ts';
import { KeptCheckpoints } from '../ledger/kept-checkpoints.ts';
import { silentLog, type Log } from '../log.ts';
import { withOwnerUrl } from '../with-owner-url.ts';
import { tablesOf } from './back-up.ts';
import { readManifest, tableFile, type Manifest } from './manifest.ts';
import { inTransaction } from './raw-connection.ts';

/** A restored database, compared with the checkpoint in the data directory. */
export interface Restored {
  readonly manifest: Manifest;
  /** `whole`: nothing was signed since; `behind`: the log was signed further; `unknown`: no checkpoint is kept there */
  readonly log: 'whole' | 'behind' | 'unknown';
}

/**
 * Puts a backup into an empty database, all of it in one transaction, and computes its log again.
 * @throws ServerError `backup_damaged`, `backup_of_other_schema`, `database_not_empty`, those of the log, or those of a start
 */
export async function restore(config: ServerConfig, folder: string, log: Log): Promise<Restored> {
  const manifest = await readManifest(folder);
  if (JSON.stringify(manifest.schema) !== JSON.stringify(schemaDigests()))
    throw new ServerError(
      'backup_of_other_schema',
      `The backup has the schema ${Object.keys(manifest.schema).join(', ')}, and this release another: restore it with the release that made it, then migrate.`,
    );
  const checkpoints = await new KeptCheckpoints(config).read();
  return withOwnerUrl(config, async (url) => {
    await bringUpToDate(url, log);
    await asOwner(url, async (db) => {
      assertSchema(await readSchema(db), silentLog);
      await assertEmpty(db);
    });
    log.progress(`Restoring ${manifest.tables.length} tables`);
    await inTransaction(url, '', (sql) => fill(sql, manifest, folder));
    log.progress(`Computing the log of ${manifest.log.size} entries again`);
    return asOwner(url, async (db) => {
      await assertWhole(db, manifest);
      return { manifest, log: await compared(db, checkpoints) };
    });
  });
}

async function assertEmpty(db: Db): Promise<void> {
  const { rows } = await query<{ used: boolean }>`
    select exists (select from registry_facts) or exists (select from audit) or exists (select from audit_groups)
      or exists (select from ledger_entries) as used`.execute(db);
  if (rows[0]?.used === false) return;
  throw new ServerError(
    'database_not_empty',
    'The database holds a registry already: restore into an empty one, and point the servers there afterwards.',
  );
}

/** Rows come in as they were: they were judged when they were written. Foreign keys are checked again at the end. */
async function fill(sql: Sql, manifest: Manifest, folder: string): Promise<void> {
  const names = (await tablesOf(sql)).map(({ name }) => name);
  const keys = await sql<{ table: string; name: string; definition: string }[]>`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`;
  for (const { table, name } of keys)
    await sql.unsafe(`alter table ${table} drop constraint "${name}"`);
  for (const name of names) {
    await sql.unsafe(`alter table "${name}" disable trigger user`);
    // Rows that come with the schema
    await sql.unsafe(`delete from "${name}"`);
  }
  for (const { name, columns } of manifest.tables) {
    const list = columns.map((column) => `"${column}"`).join(', ');
    const rowsIn = await sql.unsafe(`copy "${name}" (${list}) from stdin`).writable();
    await pipeline(createReadStream(tableFile(folder, name)), createGunzip(), rowsIn);
  }
  for (const { name, last, isCalled } of manifest.sequences)
    await sql`select setval(${`public.${name}`}::text::regclass, ${last}::text::bigint, ${isCalled})`;
  for (const { table, name, definition } of keys)
    await sql.unsafe(`alter table ${table} add constraint "${name}" ${definition}`);
  for (const name of names) await sql.unsafe(`alter table "${name}" enable trigger user`);
}

async function assertWhole(db: Db, { log, tables }: Manifest): Promise<void> {
  const { size, root } = await readState(db);
  let isWhole = size === log.size && Buffer.from(root).toString('hex') === log.root;
  for await (const { faults } of checkTree(db, { size, root, bundles: 16 }))
    isWhole &&= faults.length === 0;
  for (const { name, rows } of tables) {
    const counted = await query<{ n: number }>`
      select count(*)::int as n from ${query.table(name)}`.execute(db);
    isWhole &&= counted.rows[0]?.n === rows;
  }
  if (isWhole) return;
  throw new ServerError('backup_damaged', 'The restored log is not the one that was backed up.');
}

/** With what was signed last, by any server that keeps it there. */
async function compared(db: Db, notes: readonly string[]): Promise<Restored['log']> {
  const { size } = await readState(db);
  const checkpoints = notes.map((note) => parseCheckpoint(parseNote(note).text));
  for (const checkpoint of checkpoints.filter((other) => other.size <= size)) {
    const root = await rootFromTiles(checkpoint.size, tilesOf(db));
    if (!Buffer.from(root).equals(Buffer.from(checkpoint.root))) throw forked();
  }
  if (checkpoints.length === 0) return 'unknown';
  return checkpoints.some((checkpoint) => checkpoint.size > size) ? 'behind' : 'whole';
}

const forked = (): ServerError =>
  new ServerError(
    'forked',
    'The restored log contradicts a checkpoint that is kept outside: they are of two registries, or the log was forked. Sign nothing: docs/recovery.md.',
  );
