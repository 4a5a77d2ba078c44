import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { parseCheckpoint, parseNote } from '@recourse/ledger';
import { readSchema, schemaDigests } from '@recourse/registry';
import type { Sql } from 'postgres';
import type { ServerConfig } from '../config/config.ts';
import { asOwner } from '../database.ts';
import { assertSchema } from '../database.rules.ts';
import { ServerError } from '../errors.ts';
import { KeptCheckpoints } from '../ledger/kept-checkpoints.ts';
import { silentLog } from '../log.ts';
import { withOwnerUrl } from '../with-owner-url.ts';
import {
  logFolder,
  manifestPath,
  tableFile,
  type BackedUpTable,
  type Manifest,
} from './manifest.ts';
import { copyOut, inTransaction } from './raw-connection.ts';
import { writeLog } from './write-log.ts';

/**
 * Writes every table as of one instant into a new folder, beside servers that run, with the log as others copy it. The log
 * is computed again from its entries, and compared with its state, its newest checkpoint and the one kept outside.
 * @throws ServerError `folder_not_empty`, those of the log, or those of a start
 */
export async function backUp(config: ServerConfig, folder: string): Promise<Manifest> {
  await prepareFolder(folder);
  // Read before the snapshot: what is signed meanwhile is in it.
  const checkpoints = await new KeptCheckpoints(config).read();
  const manifest = await withOwnerUrl(config, async (url) => {
    await asOwner(url, async (db) => assertSchema(await readSchema(db), silentLog));
    return inTransaction(url, 'isolation level repeatable read read only', (sql) =>
      writeAll(sql, { folder, kept: checkpoints }),
    );
  });
  await writeFile(manifestPath(folder), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new ServerError(
      'folder_not_empty',
      `${folder} is not empty: name a new folder for each backup. One without a manifest.json was not finished.`,
    );
  await mkdir(join(folder, 'tables'));
}

interface Writing {
  readonly folder: string;
  /** Notes of checkpoints that are kept outside */
  readonly kept: readonly string[];
}

async function writeAll(sql: Sql, { folder, kept }: Writing): Promise<Manifest> {
  const [state] = await sql<{ size: string; root: string; origin: string | null; now: Date }[]>`
    select size::text, encode(root, 'hex') as root, now() as now,
      (select value from registry_facts where name = 'origin') as origin
    from ledger_state`;
  if (!state?.origin)
    throw new ServerError('database_unreachable', 'There is no registry in this database yet.');
  const size = Number(state.size);
  const signed = await writeVerifiedLog(sql, { folder, kept, size, root: state.root });
  const tables: BackedUpTable[] = [];
  for (const { name, columns } of await tablesOf(sql))
    tables.push({ name, columns, ...(await writeTable(sql, { folder, name, columns })) });
  const sequences = await sql<{ name: string; last: string; isCalled: boolean }[]>`
    select sequencename as name, coalesce(last_value, start_value)::text as last,
      last_value is not null as "isCalled"
    from pg_sequences where schemaname = 'public' order by sequencename`;
  return {
    backup: 1,
    at: state.now.toISOString(),
    origin: state.origin,
    schema: schemaDigests(),
    log: { size, root: state.root, signed },
    tables,
    sequences: [...sequences],
  };
}

/** @returns the size of the newest checkpoint */
async function writeVerifiedLog(
  sql: Sql,
  writing: Writing & { size: number; root: string },
): Promise<number> {
  const { folder, kept, size, root } = writing;
  const [newest] = await sql<{ note: string }[]>`
    select note from ledger_checkpoints order by size desc limit 1`;
  const notes = newest ? [newest.note, ...kept] : kept;
  const checkpoints = notes.map((note) => parseCheckpoint(parseNote(note).text));
  const signed = newest ? (checkpoints[0]?.size ?? 0) : 0;
  if (checkpoints.some((checkpoint) => checkpoint.size > size)) throw logError('rolled-back');
  const marks = new Set([size, ...checkpoints.map((checkpoint) => checkpoint.size)]);
  const to = logFolder(folder);
  await mkdir(to);
  const roots = await writeLog({ folder: to, bundles: bundlesOf(sql, size), signed, marks });
  const hex = (at: number): string => Buffer.from(roots.get(at) ?? []).toString('hex');
  if (hex(size) !== root) throw logError('entries-differ');
  const others = checkpoints.filter(
    (checkpoint) => hex(checkpoint.size) !== Buffer.from(checkpoint.root).toString('hex'),
  );
  if (others.length > 0) throw logError('forked');
  if (newest) await writeFile(join(to, 'checkpoint'), newest.note);
  return signed;
}

async function* bundlesOf(sql: Sql, size: number): AsyncGenerator<string[]> {
  for (let first = 0; first < size; first += 256) {
    const rows = await sql<{ entry: string }[]>`
      select entry from ledger_entries
      where index >= ${first} and index < ${Math.min(size, first + 256)} order by index`;
    yield rows.map(({ entry }) => entry);
  }
}

/**
 * Tables with the columns that are not computed from others. Which calls were seen is left out: no copy of one is admitted
 * two minutes later, and a table that somebody reads is not emptied.
 */
export const tablesOf = (sql: Sql) => sql<{ name: string; columns: string[] }[]>`
  select c.relname as name, json_agg(a.attname order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
    and c.relname not like 'seen\\_%'
    and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  group by c.relname order by c.relname`;

/** A row is a line, in the text format of COPY: breaks within it are escaped. */
async function writeTable(
  sql: Sql,
  { folder, name, columns }: { folder: string; name: string; columns: readonly string[] },
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256');
  let rows = 0;
  const counting = new Transform({
    transform: (chunk: Buffer, _, done) => {
      for (const byte of chunk) if (byte === 0x0a) rows++;
      done(undefined, chunk);
    },
  });
  const hashing = new Transform({
    transform: (chunk: Buffer, _, done) => {
      hash.update(chunk);
      done(undefined, chunk);
    },
  });
  const list = columns.map((column) => `"${column}"`).join(', ');
  const file = createWriteStream(tableFile(folder, name), { mode: 0o600 });
  await copyOut(sql, `copy "${name}" (${list}) to stdout`, (out) =>
    pipeline(out, counting, createGzip(), hashing, file),
  );
  return { rows, sha256: hash.digest('hex') };
}

function logError(code: 'rolled-back' | 'entries-differ' | 'forked'): ServerError {
  const why = {
    'rolled-back':
      'The database ends before the checkpoint that is kept in the data directory: it is an old copy. Recover it first: docs/recovery.md.',
    'entries-differ':
      'The entries of the log are not those of its state: docs/doctor.md says what to do.',
    forked: 'The log of the database contradicts a checkpoint that was signed: docs/recovery.md.',
  }[code];
  return new ServerError(code, why);
}
