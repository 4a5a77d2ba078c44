import {
  edgeRoot,
  emptyEdge,
  encodeTile,
  growTree,
  leafHash,
  tilePath,
  type TileId,
  type TreeEdge,
} from '@recourse/ledger';
import { equalBytes } from '@recourse/protocol';
import { VerifyError } from './errors.ts';
import type { LogSource } from './log-source.ts';
import { bundlesAfter, readAhead, readBundle, type BundleId } from './read-entries.ts';
import type { Replay } from './replay.ts';

const width = 256;

export interface TreePass {
  readonly source: LogSource;
  readonly replay: Replay;
  /** Where to go on; the beginning when absent */
  readonly from?: TreeEdge | undefined;
  /** Leaves of the signed tree */
  readonly size: number;
  /** A size whose root is wanted on the way */
  readonly mark?: number | undefined;
  readonly signal: AbortSignal;
  /** Told after each bundle: what is before the edge is read, and its full tiles are right */
  readonly onProgress: (read: TreeRead) => void;
}

export interface TreeRead {
  readonly edge: TreeEdge;
  /** Root at `mark`, when that was passed */
  readonly marked?: Uint8Array;
}

/**
 * Hashes every entry, grows the tree anew, and compares every tile of every level with it, byte by byte.
 * Stopped by the signal it returns what it has.
 * @throws VerifyError `entries-missing`, `entries-malformed`, `tile-missing`, `tile-mismatch`
 */
export async function readTree(pass: TreePass): Promise<TreeRead & { complete: boolean }> {
  const { source, size, signal } = pass;
  const edge = pass.from ?? emptyEdge;
  let read: TreeRead = { edge, ...markedAt(edge, [], pass.mark) };
  const bundles = readAhead(bundlesAfter(edge.size, size), (id) => readBoth(source, id));
  try {
    for await (const bundle of bundles) {
      read = { ...read, ...(await takeBundle(pass, read.edge, bundle)) };
      pass.onProgress(read);
      if (signal.aborted) return { ...read, complete: false };
    }
    await compareEdge(source, read.edge);
    return { ...read, complete: true };
  } catch (error) {
    if (signal.aborted) return { ...read, complete: false };
    throw error;
  }
}

type Bundle = Awaited<ReturnType<typeof readBoth>>;

/** Everything is fetched and compared before the rules see an entry: stopped, a bundle is taken whole or not at all. */
async function takeBundle(
  { source, replay, mark }: TreePass,
  edge: TreeEdge,
  { index, entries, tile }: Bundle,
): Promise<TreeRead> {
  const known = edge.size - index * width;
  const leaves = entries.map(leafHash);
  const id = { level: 0, index, width: leaves.length };
  assertTile(id, { served: tile, leaves });
  assertSame(edge, leaves.slice(0, known), id);
  const added = leaves.slice(known);
  const grown = growTree(edge, added);
  await compareFull(source, grown.tiles);
  for (const [i, entry] of entries.slice(known).entries()) await replay.apply(entry, edge.size + i);
  return { edge: grown.edge, ...markedAt(edge, added, mark) };
}

async function readBoth(source: LogSource, id: BundleId) {
  const [entries, tile] = await Promise.all([
    readBundle(source, id),
    readTile(source, { level: 0, ...id }),
  ]);
  return { index: id.index, entries, tile };
}

async function readTile(source: LogSource, id: TileId): Promise<Uint8Array> {
  const tile = await source.file(id, (full) => full.subarray(0, id.width * 32));
  if (tile === undefined) throw new VerifyError('tile-missing', tilePath(id));
  return tile;
}

/** Tiles above the leaves: a partial one has its final width only at the end. */
async function compareFull(
  source: LogSource,
  tiles: readonly (TileId & { bytes: Uint8Array })[],
): Promise<void> {
  for (const { bytes, ...of } of tiles) {
    if (of.level === 0 || of.width < width) continue;
    if (!equalBytes(await readTile(source, of), bytes)) {
      throw new VerifyError('tile-mismatch', tilePath(of));
    }
  }
}

/** The partial tile of each level above the leaves. */
async function compareEdge(source: LogSource, { size, rows }: TreeEdge): Promise<void> {
  for (const [level, row] of rows.entries()) {
    if (level === 0 || row.length === 0) continue;
    const id = { level, index: Math.floor(size / width ** (level + 1)), width: row.length };
    assertTile(id, { served: await readTile(source, id), leaves: row });
  }
}

function assertTile(
  id: TileId,
  { served, leaves }: { served: Uint8Array; leaves: readonly Uint8Array[] },
): void {
  if (!equalBytes(served, encodeTile(leaves))) throw new VerifyError('tile-mismatch', tilePath(id));
}

/** A bundle that was read in part before begins with what it was. */
function assertSame(edge: TreeEdge, again: readonly Uint8Array[], id: TileId): void {
  const before = edge.rows[0] ?? [];
  if (again.some((leaf, i) => !equalBytes(leaf, before[i] ?? new Uint8Array()))) {
    throw new VerifyError('root-mismatch', tilePath(id));
  }
}

/** The root at `mark`, when that is in this step. */
function markedAt(
  edge: TreeEdge,
  leaves: readonly Uint8Array[],
  mark: number | undefined,
): { marked?: Uint8Array } {
  if (mark === undefined || mark > edge.size + leaves.length || mark < edge.size) return {};
  return { marked: edgeRoot(growTree(edge, leaves.slice(0, mark - edge.size)).edge) };
}
