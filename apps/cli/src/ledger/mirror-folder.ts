import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tilePath, type TilePath } from '@recourse/ledger';
import type { LogCopy } from '@recourse/verify';
import { CliError } from '../errors.ts';

/** A copy of a log as files under `ledger/`, so that any web server can serve the folder in its place. */
export class MirrorFolder implements LogCopy {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = join(dir, 'ledger');
  }

  checkpoint(): string | undefined {
    return this.#read('checkpoint')?.toString('utf8');
  }

  keepCheckpoint(note: string): void {
    this.#write('checkpoint', Buffer.from(note));
  }

  /** @throws CliError `file-unreadable` when a file is gone that the checkpoint covers */
  file(tile: TilePath): Uint8Array {
    const path = tilePath(tile);
    const bytes = this.#read(path);
    if (bytes) return bytes;
    throw new CliError('file-unreadable', {
      message: `${join(this.#dir, path)} is gone.`,
      next: 'Name an empty folder with --to, and all of it is copied anew.',
    });
  }

  keep(tile: TilePath, bytes: Uint8Array): void {
    this.#write(tilePath(tile), bytes);
  }

  drop(tile: TilePath): void {
    rmSync(join(this.#dir, tilePath(tile)), { force: true });
  }

  #read(path: string): Buffer | undefined {
    try {
      return readFileSync(join(this.#dir, path));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Whole or not at all, and on the disk before the checkpoint is that covers it. */
  #write(path: string, bytes: Uint8Array): void {
    const target = join(this.#dir, path);
    mkdirSync(dirname(target), { recursive: true });
    const draft = `${target}.next`;
    writeFileSync(draft, bytes, { flush: true });
    renameSync(draft, target);
  }
}
