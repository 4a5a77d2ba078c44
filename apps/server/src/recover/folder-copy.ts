import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tilePath, type TilePath } from '@recourse/ledger';
import type { LogCopy } from '@recourse/registry';
import { largestFile } from './largest-file.ts';

/** A folder with the files of a log as they are served under `/ledger/`. */
export class FolderCopy implements LogCopy {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#read('checkpoint');
  }

  file(path: TilePath): Promise<Uint8Array | undefined> {
    return this.#read(tilePath(path));
  }

  async #read(name: string): Promise<Uint8Array | undefined> {
    const path = join(this.#folder, name);
    try {
      const found = await stat(path);
      // Whoever made the copy may have linked to what never ends.
      return found.isFile() && found.size <= largestFile ? await readFile(path) : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(ENOENT|ENOTDIR)$/.test(String(error.code));
