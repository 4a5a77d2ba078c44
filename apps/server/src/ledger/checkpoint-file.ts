import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerFault, sizeOfNote } from '@recourse/registry';
import { readIfThere, replaceFile, writeFileOnce } from './durable-file.ts';

/** Where it is in a data directory */
export const checkpointPath = (dataDir: string): string => join(dataDir, 'checkpoint');

/** The newest checkpoint that this server has seen, outside the database: an old copy of that is told by it. */
export class CheckpointFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<string[]> {
    const note = await readIfThere(this.#path);
    return note === undefined ? [] : [note];
  }

  /**
   * Keeps a note that goes further. The caller has compared what is there: one that contradicts the new one is never
   * replaced.
   */
  async keep(note: string): Promise<void> {
    const [before] = await this.read();
    if (before !== undefined && sizeOfNote(before) >= sizeOfNote(note)) return;
    await replaceFile({ path: this.#path, content: note });
  }
}

/** Older ones are left for a while, so that whoever lists the folder finds one that is still there. */
const keptFiles = 8;

/**
 * The checkpoints in a folder that all servers share. Each size has a file of its own, which is made once and never
 * replaced: of two histories, both leave their files, and every server finds both. Needs a file system with hard links,
 * by which one of two writers of a file fails.
 */
export class CheckpointFolder {
  readonly #folder: string;
  #names: readonly string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Every note that is there. An operator may add one by hand, as `checkpoint`. */
  async read(): Promise<string[]> {
    for (;;) {
      const names = (await readdir(this.#folder)).filter((name) =>
        /^checkpoint(-\d+)?$/.test(name),
      );
      // One after the other: where the folder hangs, each file that is read takes a thread of the process.
      const notes: (string | undefined)[] = [];
      for (const name of names) notes.push(await readIfThere(join(this.#folder, name)));
      const found = notes.filter((note) => note !== undefined);
      // One that is gone was removed by another server, for newer ones.
      if (found.length < notes.length) continue;
      this.#names = names;
      return found;
    }
  }

  /** @throws LedgerFault `forked` where another note of this size is there */
  async keep(note: string): Promise<void> {
    const size = sizeOfNote(note);
    const path = join(this.#folder, `checkpoint-${size}`);
    if ((await readIfThere(path)) === undefined) await writeFileOnce({ path, content: note });
    const there = await readIfThere(path);
    if (there !== undefined && headOf(there) !== headOf(note)) throw new LedgerFault('forked');
    await this.#prune(size);
  }

  /** Only what was read, and so compared: another history stays. */
  async #prune(size: number): Promise<void> {
    const older = this.#names
      .filter((name) => name !== 'checkpoint' && sizeIn(name) < size)
      .toSorted((a, b) => sizeIn(b) - sizeIn(a));
    for (const name of older.slice(keptFiles)) await rm(join(this.#folder, name), { force: true });
  }
}

const sizeIn = (name: string): number => Number(name.split('-')[1]);

/** Origin, size and root, without signatures: a witness may have added its own. */
const headOf = (note: string): string => note.split('\n').slice(0, 3).join('\n');
