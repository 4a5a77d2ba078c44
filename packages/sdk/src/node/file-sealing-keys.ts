import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '@recourse/protocol';
import type { PrivateSealingKey, SealingKeys } from '../evidence/sealing-keys.ts';
import { writePrivate } from './write-private.ts';

/** A reviewer's sealing keys as a directory with one file per appeal or inspection, readable by its owner only. */
export function fileSealingKeys(directory: string): SealingKeys {
  const fileOf = (review: string): string => {
    if (!isId('apl', review) && !isId('itm', review))
      throw new TypeError('no id of an appeal or inspection');
    return join(directory, `${review}.json`);
  };
  return {
    save: async (review, jwk) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writePrivate(fileOf(review), JSON.stringify(jwk));
    },
    load: async (review) => read(fileOf(review)),
  };
}

/** The file is the process's own. One that cannot be read is an error: a new key would open nothing. */
async function read(path: string): Promise<PrivateSealingKey | undefined> {
  try {
    const jwk: PrivateSealingKey = JSON.parse(await readFile(path, 'utf8'));
    return jwk;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
