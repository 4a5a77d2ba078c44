import { access, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newTiles, tilePath, type TilePath } from '@recourse/ledger';
import { sizeOfNote, type LedgerReader } from '@recourse/registry';
import { readIfThere, replaceFile, writeFileOnce } from './durable-file.ts';

/** Written within a second also where each file waits for a network. */
const tilesAStep = 32;

type Reader = Pick<LedgerReader, 'tile' | 'bundle'>;

/**
 * The files of the log beside the checkpoints in the shared folder, as `/ledger` serves them. They are written before a
 * checkpoint is kept: whatever the database loses, a recovery finds every entry that a kept checkpoint covers.
 *
 * Filling: a long log comes into a new folder step by step, and signing goes on meanwhile. Whole: this process has seen
 * it reach a checkpoint, and each next one waits for its files.
 */
export class LogFolder {
  readonly #folder: string;
  readonly #ledger: Reader;
  #isWhole = false;
  /** While it fills: full tiles that this process has written or found */
  readonly #written = new Set<string>();

  constructor(folder: string, ledger: Reader) {
    this.#folder = join(folder, 'ledger');
    this.#ledger = ledger;
  }

  /**
   * Writes what is not there yet of the tree of a note, while it fills no more than a step of it. The database has it,
   * and was compared with what is kept.
   */
  async reach(note: string): Promise<void> {
    const path = join(this.#folder, 'checkpoint');
    const size = sizeOfNote(note);
    const from = await sizeAt(path);
    if (from >= size) {
      this.#isWhole = true;
      return;
    }
    const tiles = [...newTiles(from, size)];
    const lacking = tiles.filter((tile) => !this.#written.has(tilePath(tile)));
    if (!this.#isWhole && lacking.length > tilesAStep) return this.#fill(lacking);
    for (const tile of lacking) await this.#copy(tile);
    // Another server may have gone further meanwhile.
    if ((await sizeAt(path)) < size) await replaceFile({ path, content: note, isPublic: true });
    for (const tile of tiles) await this.#dropFormer(tile, from);
    this.#isWhole = true;
    this.#written.clear();
  }

  async #fill(lacking: readonly NumberedTile[]): Promise<void> {
    const full = lacking.filter(({ width }) => width === 256);
    for (const tile of full.slice(0, tilesAStep)) {
      await this.#copy(tile);
      this.#written.add(tilePath(tile));
    }
  }

  async #copy({ level, index, width }: NumberedTile): Promise<void> {
    await this.#write({ level, index, width }, () => this.#ledger.tile({ level, index, width }));
    if (level > 0) return;
    const bundle = { level: 'entries', index, width } as const;
    await this.#write(bundle, () => this.#ledger.bundle({ index, width }));
  }

  async #write(tile: TilePath, read: () => Promise<Uint8Array | undefined>): Promise<void> {
    const path = join(this.#folder, tilePath(tile));
    if (await isThere(path)) return;
    const content = await read();
    if (!content) throw new TypeError('the tree is not in the database');
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

type NumberedTile = TilePath & { readonly level: number };

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function sizeAt(path: string): Promise<number> {
  const note = await readIfThere(path);
  return note === undefined ? 0 : sizeOfNote(note);
}
