import { encodeTile, parseTile } from '@recourse/ledger';
import type { LedgerState, Progress } from '@recourse/verify';
import { CliError } from '../errors.ts';
import { fileExists, readPrivateFile, replacePrivateFile } from '../profile/private-file.ts';

const version = 1;

interface StoredState {
  readonly v: number;
  readonly key: string;
  readonly newest?: string;
  readonly conflicting?: string;
  readonly progress?: { size: number; rows: string[]; replay: Progress['replay'] };
}

/** One file for one ledger key. It decides what is believed, so nobody else may write it. */
export class StateFile {
  readonly #path: string;
  readonly #key: string;

  constructor(path: string, key: string) {
    this.#path = path;
    this.#key = key;
  }

  /** @throws CliError `config-invalid` for another ledger's file or a damaged one, `file-exposed` */
  read(): LedgerState {
    if (!fileExists(this.#path)) return {};
    const text = readPrivateFile(this.#path);
    try {
      const { v, key, progress, ...notes } = JSON.parse(text) as StoredState;
      if (v !== version || key !== this.#key) throw new TypeError('of another ledger');
      return { ...notes, ...(progress && { progress: progressOf(progress) }) };
    } catch (cause) {
      throw new CliError(
        'config-invalid',
        {
          message: `${this.#path} is not the state of this ledger under this key.`,
          next: 'Name another file with --state. Without the old one a ledger that was rolled back is not noticed: keep it.',
        },
        { cause },
      );
    }
  }

  write({ progress, ...notes }: LedgerState): void {
    const kept = progress && {
      size: progress.edge.size,
      rows: progress.edge.rows.map((row) => toText(row)),
      replay: progress.replay,
    };
    const head = { v: version, key: this.#key };
    const stored: StoredState = { ...head, ...notes, ...(kept && { progress: kept }) };
    replacePrivateFile(this.#path, `${JSON.stringify(stored)}\n`);
  }
}

const toText = (row: readonly Uint8Array[]): string =>
  row.length === 0 ? '' : Buffer.from(encodeTile(row)).toString('base64');

function progressOf({ size, rows, replay }: NonNullable<StoredState['progress']>): Progress {
  const hashes = rows.map((row) => {
    const bytes = new Uint8Array(Buffer.from(row, 'base64'));
    return bytes.length === 0 ? [] : parseTile(bytes, bytes.length / 32);
  });
  return { edge: { size, rows: hashes }, replay };
}
