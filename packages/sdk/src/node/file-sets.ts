import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptSet, SetStore } from '../prefixes/set-store.ts';
import { writePrivate } from './write-private.ts';

const lineEnd = 0x0a;

/**
 * Prefix sets as a directory with one file per epoch: the header, a line end, the snapshot. Several processes may share
 * it: the last writer wins, and a set that does not verify is loaded anew.
 */
export function fileSets(directory: string): SetStore {
  const fileOf = (epoch: number): string => join(directory, `all-${epoch}.prefixes`);
  return {
    load: async (epoch) => read(fileOf(epoch)),
    save: async (epoch, { header, snapshot }) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writePrivate(fileOf(epoch), Buffer.concat([Buffer.from(`${header}\n`), snapshot]));
    },
  };
}

async function read(path: string): Promise<KeptSet | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const end = bytes.indexOf(lineEnd);
  return { header: bytes.subarray(0, end).toString(), snapshot: bytes.subarray(end + 1) };
}
