import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newTiles, tilePath, type TilePath } from '@recourse/ledger';
import { sizeOfNote, type LedgerReader } from '@recourse/registry';
import { readIfThere, replaceFile, writeFileOnce } from './durable-file.ts';

type Reader = Pick<LedgerReader, 'tile' | 'bundle'>;

/**
 * The files of the log beside the checkpoints in the shared folder, as `/ledger` serves them. They are written before a
 * checkpoint is kept: whatever the database loses, a recovery finds every entry that a kept checkpoint covers.
 */
export class LogFolder {
  readonly #folder: string;
  readonly #ledger: Reader;

  constructor(folder: string, ledger: Reader) {
    this.#folder = join(folder, 'ledger');
    this.#ledger = ledger;
  }

  /** Writes what is not there yet of the tree of a note. The database has it, and was compared with what is kept. */
  async reach(note: string): Promise<void> {
    const path = join(this.#folder, 'checkpoint');
    const size = sizeOfNote(note);
    const from = await sizeAt(path);
    if (from >= size) return;
    const tiles = newTiles(from, size);
    for (const { level, index, width } of tiles) {
      await this.#write({ level, index, width }, await this.#ledger.tile({ level, index, width }));
      if (level > 0) continue;
      const bundle = await this.#ledger.bundle({ index, width });
      await this.#write({ level: 'entries', index, width }, bundle);
    }
    // Another server may have gone further meanwhile.
    if ((await sizeAt(path)) < size) await replaceFile({ path, content: note, isPublic: true });
    for (const tile of tiles) await this.#dropFormer(tile, from);
  }

  async #write(tile: TilePath, content: Uint8Array | undefined): Promise<void> {
    if (!content) throw new TypeError('the tree is not in the database');
    const path = join(this.#folder, tilePath(tile));
    await mkdir(dirname(path), { recursive: true });
    await writeFileOnce({ path, content, isPublic: true });
  }

  /** A partial file of the tree before: a wider one is there now. */
  async #dropFormer(
    { level, index }: { level: number; index: number },
    from: number,
  ): Promise<void> {
    const width = Math.floor(from / 256 ** level) - index * 256;
    if (width <= 0 || width >= 256) return;
    await rm(join(this.#folder, tilePath({ level, index, width })), { force: true });
    if (level > 0) return;
    await rm(join(this.#folder, tilePath({ level: 'entries', index, width })), { force: true });
  }
}

async function sizeAt(path: string): Promise<number> {
  const note = await readIfThere(path);
  return note === undefined ? 0 : sizeOfNote(note);
}
