import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tilePath, type TilePath } from '@recourse/ledger';
import { LogSource, type LogCopy } from '@recourse/verify';
import { CliError } from '../errors.ts';

/** The files of a ledger, at a URL or in the folder of a copy. */
export const logSource = (at: string, signal?: AbortSignal): LogSource => {
  if (URL.canParse(at)) return new LogSource(at, signal);
  const folder = new MirrorFolder(at);
  return new LogSource(async (path) => folder.read(path));
};

/**
 * A copy of a log as files under `ledger/`, and what the registry says of itself under `.well-known/`, so that any web
 * server can serve the folder in its place.
 */
export class MirrorFolder implements LogCopy {
  readonly #dir: string;
  readonly #document: string;

  constructor(dir: string) {
    this.#dir = join(dir, 'ledger');
    this.#document = join(dir, '.well-known', 'recourse');
  }

  /** As it was kept last; undefined for a copy without */
  documentText(): string | undefined {
    return readIfThere(this.#document)?.toString('utf8');
  }

  keepDocument(text: string): void {
    writeWhole(this.#document, Buffer.from(text));
  }

  /** @param leaf of an entry, in base64url */
  keepProof(leaf: string, proof: Uint8Array): void {
    this.#write(`proof/${leaf}`, proof);
  }

  checkpoint(): string | undefined {
    return this.read('checkpoint')?.toString('utf8');
  }

  keepCheckpoint(note: string): void {
    this.#write('checkpoint', Buffer.from(note));
  }

  /** @throws CliError `file-unreadable` when a file is gone that the checkpoint covers */
  file(tile: TilePath): Uint8Array {
    const path = tilePath(tile);
    const bytes = this.read(path);
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

  /** A file by its path below `ledger/`; undefined where there is none */
  read(path: string): Buffer | undefined {
    return readIfThere(join(this.#dir, path));
  }

  #write(path: string, bytes: Uint8Array): void {
    writeWhole(join(this.#dir, path), bytes);
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, and on the disk before the checkpoint is that covers it. */
function writeWhole(target: string, bytes: Uint8Array): void {
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.next`;
  writeFileSync(draft, bytes, { flush: true });
  renameSync(draft, target);
}
