import { createReadStream, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { postgresAddress } from '@recourse/server/embedded-postgres';
import postgres from 'postgres';
import type { NeedleSearch } from './needle-search.ts';

export interface Leak {
  /** Table and column, or file */
  readonly where: string;
  readonly kind: string;
}

export interface SearchTally {
  readonly places: number;
  readonly bytes: number;
  readonly leaks: readonly Leak[];
}

/** Every value of every column of every table that is not PostgreSQL's own. @param url of a role that reads them all */
export async function searchDatabase(url: string, needles: NeedleSearch): Promise<SearchTally> {
  const at = postgresAddress(url);
  const sql = postgres(at.url, { ...at.options, max: 1, onnotice: () => undefined });
  const finds = new Finds();
  let places = 0;
  let bytes = 0;
  try {
    const tables = await sql<{ schema: string; name: string }[]>`
      select schemaname as schema, tablename as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`;
    for (const { schema, name } of tables) {
      const columns = new Set<string>();
      for await (const rows of sql`select * from ${sql(schema)}.${sql(name)}`.cursor(500)) {
        for (const [column, value] of rows.flatMap((row) => Object.entries(row))) {
          columns.add(column);
          const content = contentOf(value);
          bytes += content.length;
          finds.add(`${name}.${column}`, needles.in(content));
        }
      }
      places += columns.size;
    }
  } finally {
    await sql.end();
  }
  return { places, bytes, leaks: finds.leaks };
}

/**
 * Every file below a folder, byte by byte. One that was renamed since it was listed is found under its new name: its folder
 * is searched once more.
 * @param except paths below it that hold secrets by purpose
 */
export async function searchFiles(
  dir: string,
  needles: NeedleSearch,
  except: readonly string[] = [],
): Promise<SearchTally> {
  const finds = new Finds();
  const places = new Set<string>();
  let bytes = 0;
  const search = async (folder: string, recursive: boolean): Promise<ReadonlySet<string>> => {
    const renamedIn = new Set<string>();
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive })) {
      const path = join(entry.parentPath, entry.name);
      const name = relative(dir, path);
      const isExcepted = except.some((one) => name === one || name.startsWith(`${one}/`));
      if (!entry.isFile() || isExcepted) continue;
      try {
        bytes += await searchFile(path, needles, (kinds) => finds.add(name, kinds));
        places.add(name);
      } catch (error) {
        if (!isGone(error)) throw error;
        renamedIn.add(entry.parentPath);
      }
    }
    return renamedIn;
  };
  for (const folder of await search(dir, true)) await search(folder, false);
  return { places: places.size, bytes, leaks: finds.leaks };
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Chunk by chunk, each with the end of the one before: what lies across the border is found too. */
export async function searchFile(
  path: string,
  needles: NeedleSearch,
  onFound: (kinds: ReadonlySet<string>) => void,
): Promise<number> {
  let bytes = 0;
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, {
    highWaterMark: 1 << 20,
  }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    const joined = Buffer.concat([tail, chunk]);
    onFound(needles.in(joined));
    tail = joined.subarray(Math.max(0, joined.length - needles.longest + 1));
  }
  return bytes;
}

/** Each place and kind once. */
class Finds {
  readonly #leaks = new Map<string, Leak>();

  add(where: string, kinds: ReadonlySet<string>): void {
    for (const kind of kinds) this.#leaks.set(`${where} ${kind}`, { where, kind });
  }

  get leaks(): Leak[] {
    return [...this.#leaks.values()];
  }
}

function contentOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
