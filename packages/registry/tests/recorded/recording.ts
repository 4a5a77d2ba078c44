import { readFileSync, writeFileSync } from 'node:fs';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { PrivateJwk } from '@recourse/protocol';
import type { Files } from '../recovery-files.ts';
import type { DatabaseCopy, Row } from './database-copy.ts';

/** A registry that was used, as it was left. */
export interface Recording {
  readonly keys: Keys;
  /** Its database: some old copies, each younger than the one before, and last the whole */
  readonly copies: readonly DatabaseCopy[];
  /** What its log serves, by path */
  readonly files: Files;
}

/** Made for the recording, and good for nothing else. */
export interface Keys {
  /** When it ended: what the clocks of those who read it show */
  readonly endedAt: string;
  /** 32 bytes, base64url */
  readonly vaultKey: string;
  readonly logKey: PrivateJwk;
}

/** The rows of all copies, each once, with the copies that have it. */
type MergedTables = Record<
  string,
  { key: readonly string[]; rows: [row: Row, copies: number[]][] }
>;

interface PackedRecording {
  readonly copies: number;
  readonly tables: MergedTables;
  /** Bytes as latin1 */
  readonly files: Readonly<Record<string, string>>;
}

const keysPath = new URL('keys.json', import.meta.url);
const packedPath = new URL('recording.json.zst', import.meta.url);

export function readRecording(): Recording {
  const { copies, tables, files } = unpack();
  return {
    keys: JSON.parse(readFileSync(keysPath, 'utf8')) as Keys,
    copies: Array.from({ length: copies }, (_, at) => copyAt(tables, at)),
    files: new Map(
      Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes, 'latin1')]),
    ),
  };
}

export function writeRecording({ keys, copies, files }: Recording): void {
  writeFileSync(keysPath, `${JSON.stringify(keys, null, 2)}\n`);
  pack({
    copies: copies.length,
    tables: merged(copies),
    files: Object.fromEntries(
      [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')]),
    ),
  });
}

function merged(copies: readonly DatabaseCopy[]): MergedTables {
  const tables: MergedTables = {};
  const known = new Map<string, number[]>();
  for (const [at, copy] of copies.entries()) {
    for (const [name, { key, rows }] of Object.entries(copy)) {
      const table = (tables[name] ??= { key, rows: [] });
      for (const row of rows) {
        const id = `${name} ${JSON.stringify(row)}`;
        const having = known.get(id) ?? [];
        if (having.length === 0) table.rows.push([row, having]);
        known.set(id, having);
        having.push(at);
      }
    }
  }
  return tables;
}

const copyAt = (tables: MergedTables, at: number): DatabaseCopy =>
  Object.fromEntries(
    Object.entries(tables).map(([name, { key, rows }]) => {
      const own = rows.flatMap(([row, copies]) => (copies.includes(at) ? [row] : []));
      return [name, { key, rows: own }];
    }),
  );

/** A window over everything: an entry in a file of the log costs nothing beside its row. */
const windowLog = 25;

function unpack(): PackedRecording {
  const params = { [constants.ZSTD_d_windowLogMax]: windowLog };
  return JSON.parse(
    zstdDecompressSync(readFileSync(packedPath), { params }).toString(),
  ) as PackedRecording;
}

function pack(recording: PackedRecording): void {
  const params = {
    [constants.ZSTD_c_compressionLevel]: 22,
    [constants.ZSTD_c_windowLog]: windowLog,
    [constants.ZSTD_c_enableLongDistanceMatching]: 1,
  };
  writeFileSync(packedPath, zstdCompressSync(JSON.stringify(recording), { params }));
}
