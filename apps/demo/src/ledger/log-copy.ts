import {
  newTiles,
  parseEntryBundle,
  tilePath,
  type TilePath,
  unwitnessed,
  type VerifierKey,
  verifyCheckpoint,
} from '@recourse/ledger';

/** The files of a log by their path below `/ledger/`, as a static host has them. */
export type LogFiles = ReadonlyMap<string, Uint8Array>;

export interface LogCopy {
  readonly files: LogFiles;
  /** In order */
  readonly entries: readonly Uint8Array[];
}

/** Copies a log under its newest checkpoint, file by file, as anybody can. */
export async function copyLog(url: string, key: VerifierKey): Promise<LogCopy> {
  const note = await read(url, 'checkpoint');
  const { checkpoint } = await verifyCheckpoint(note, unwitnessed(key));
  const files = new Map([['checkpoint', note]]);
  const entries: Uint8Array[] = [];
  for (const tile of filesOf(checkpoint.size)) {
    const bytes = await read(url, tilePath(tile));
    files.set(tilePath(tile), bytes);
    if (tile.level === 'entries') entries.push(...parseEntryBundle(bytes, tile.width));
  }
  return { files, entries };
}

function* filesOf(size: number): Generator<TilePath> {
  for (const tile of newTiles(0, size)) {
    yield tile;
    if (tile.level === 0) yield { ...tile, level: 'entries' };
  }
}

async function read(url: string, path: string): Promise<Uint8Array> {
  const response = await fetch(`${url}/ledger/${path}`);
  if (!response.ok) throw new Error(`${path} is answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
