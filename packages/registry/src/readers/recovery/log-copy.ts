import {
  edgeRoot,
  encodeTile,
  leafHash,
  LedgerError,
  merkleRoot,
  parseEntryBundle,
  parseTile,
  readEdge,
  rootFromTiles,
  type Checkpoint,
  type ReadTile,
  type TilePath,
  type TreeEdge,
} from '@recourse/ledger';
import { equalBytes, fromUtf8 } from '@recourse/protocol';
import { RecoveryRefusal } from './recovery-refusal.ts';

/** The files of a log (C2SP tlog-tiles) in the hands of anybody: nothing of it is to be believed. */
export interface LogCopy {
  /** The signed note; undefined where there is none */
  checkpoint(): Promise<Uint8Array | undefined>;
  /** A tile or a bundle; undefined where it is missing */
  file(of: TilePath): Promise<Uint8Array | undefined>;
}

const full = 256;

/**
 * A copy of which every byte that is read is compared with the signed root before it is used: a full tile with its hash
 * in the tile above it, partial tiles with the root, a bundle with the tile of its leaves.
 */
export class SignedCopy {
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly #copy: LogCopy;
  readonly #edge: TreeEdge;
  /** Tiles above the leaves: each is asked for 256 times */
  readonly #upper = new Map<string, Uint8Array>();

  private constructor(copy: LogCopy, signed: SignedNote & { edge: TreeEdge }) {
    this.#copy = copy;
    this.#edge = signed.edge;
    this.checkpoint = signed.checkpoint;
    this.note = signed.note;
  }

  /** @throws RecoveryRefusal `copy-incomplete` or `copy-damaged` */
  static async open(copy: LogCopy, signed: SignedNote): Promise<SignedCopy> {
    const { size, root } = signed.checkpoint;
    const readTile: ReadTile = (level, index, width) => read(copy, { level, index, width });
    const edge = await damaging(() => readEdge(size, readTile));
    if (!equalBytes(edgeRoot(edge), root)) throw new RecoveryRefusal('copy-damaged');
    return new SignedCopy(copy, { ...signed, edge });
  }

  /** Returns the root of when the log had so many entries */
  rootAt(size: number): Promise<Uint8Array> {
    return rootFromTiles(size, async (level, index, width) =>
      (await this.#tile(level, index)).subarray(0, width * 32),
    );
  }

  /**
   * The entries of one bundle, as far as the signed tree goes.
   * @throws RecoveryRefusal `copy-incomplete` or `copy-damaged`
   */
  async entries(index: number): Promise<string[]> {
    const leaves = await this.#tile(0, index);
    const width = leaves.length / 32;
    const bytes = await read(this.#copy, { level: 'entries', index, width });
    const entries = await damaging(() => parseEntryBundle(bytes, width));
    if (!equalBytes(encodeTile(entries.map(leafHash)), leaves)) {
      throw new RecoveryRefusal('copy-damaged');
    }
    return entries.map(fromUtf8);
  }

  async #tile(level: number, index: number): Promise<Uint8Array> {
    const { size, rows } = this.#edge;
    const width = Math.floor(size / full ** level) - index * full;
    if (width < full) return encodeTile(rows[level] ?? []);
    const known = this.#upper.get(`${level}/${index}`);
    if (known) return known;
    const bytes = await read(this.#copy, { level, index, width: full });
    const above = await this.#tile(level + 1, Math.floor(index / full));
    const at = (index % full) * 32;
    const root = await damaging(() => merkleRoot(parseTile(bytes, full)));
    if (!equalBytes(root, above.subarray(at, at + 32))) throw new RecoveryRefusal('copy-damaged');
    if (level > 0) this.#upper.set(`${level}/${index}`, bytes);
    return bytes;
  }
}

export interface SignedNote {
  readonly checkpoint: Checkpoint;
  readonly note: string;
}

/** A copy may have dropped a partial file for the full one: then the first part of that. */
async function read(copy: LogCopy, tile: TilePath): Promise<Uint8Array> {
  const exact = await copy.file(tile);
  if (exact) return exact;
  const whole = tile.width < full ? await copy.file({ ...tile, width: full }) : undefined;
  if (!whole) throw new RecoveryRefusal('copy-incomplete');
  return tile.level === 'entries'
    ? firstEntries(whole, tile.width)
    : whole.subarray(0, tile.width * 32);
}

function firstEntries(bundle: Uint8Array, width: number): Uint8Array {
  let end = 0;
  for (let n = 0; n < width; n++) end += 2 + (((bundle[end] ?? 0) << 8) | (bundle[end + 1] ?? 0));
  return bundle.subarray(0, end);
}

async function damaging<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof LedgerError) throw new RecoveryRefusal('copy-damaged', { cause });
    throw cause;
  }
}
