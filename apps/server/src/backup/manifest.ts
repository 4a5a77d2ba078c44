import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerError } from '../errors.ts';

/** Description of a backup, written last: a folder without it was not finished. */
export interface Manifest {
  readonly backup: 1;
  readonly at: string;
  readonly origin: string;
  /** Digests of the steps of its schema, by name */
  readonly schema: Readonly<Record<string, string>>;
  readonly log: {
    readonly size: number;
    /** Hex, of so many entries */
    readonly root: string;
    /** Size of the newest checkpoint; 0 before the first */
    readonly signed: number;
  };
  readonly tables: readonly BackedUpTable[];
  readonly sequences: readonly BackedUpSequence[];
}

export interface BackedUpTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Hash of its file, hex */
  readonly sha256: string;
}

export interface BackedUpSequence {
  readonly name: string;
  readonly last: string;
  readonly isCalled: boolean;
}

export const manifestPath = (folder: string): string => join(folder, 'manifest.json');
export const tableFile = (folder: string, table: string): string =>
  join(folder, 'tables', `${table}.copy.gz`);
/** As `recover --log` takes it */
export const logFolder = (folder: string): string => join(folder, 'ledger');

/** @throws ServerError `backup_damaged` where a file is missing or is not the one that was written */
export async function readManifest(folder: string): Promise<Manifest> {
  const manifest = await parsed(folder);
  for (const { name, sha256 } of manifest.tables) {
    const found = await hashOf(tableFile(folder, name)).catch(() => undefined);
    if (found !== sha256) throw damaged(tableFile(folder, name));
  }
  return manifest;
}

async function parsed(folder: string): Promise<Manifest> {
  const path = manifestPath(folder);
  try {
    const manifest: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isManifest(manifest)) return manifest;
  } catch (cause) {
    throw damaged(path, cause);
  }
  throw damaged(path);
}

/** It is our own file, and whoever could change it could change the rows as well: its form is not examined further. */
const isManifest = (json: unknown): json is Manifest =>
  typeof json === 'object' && json !== null && 'backup' in json && json.backup === 1;

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const damaged = (path: string, cause?: unknown): ServerError =>
  new ServerError(
    'backup_damaged',
    `${path} is missing, or is not as it was written: this backup is damaged or was never finished. Take another one.`,
    { cause },
  );
