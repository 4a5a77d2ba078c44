import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where it is in a data directory */
export const checkpointPath = (dataDir: string): string => join(dataDir, 'checkpoint');

/** The newest checkpoint that this server signed, outside the database: an old copy of that is told by it. */
export class CheckpointFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @returns the note, or undefined where nothing was signed yet */
  async read(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Resolves when it is on the disk, whole: a crash leaves this one or the one before. */
  async write(note: string): Promise<void> {
    const next = `${this.#path}.next`;
    await synced(next, (file) => file.writeFile(note));
    await rename(next, this.#path);
    await synced(dirname(this.#path));
  }
}

type File = Awaited<ReturnType<typeof open>>;

async function synced(path: string, write?: (file: File) => Promise<void>): Promise<void> {
  const file = await open(path, write ? 'w' : 'r', 0o600);
  try {
    await write?.(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
