import { LedgerError } from './errors.ts';
import { assertHash, merkleRoot, nodeHash } from './merkle.ts';
import { completeSubtrees } from './ranges.ts';
import { assertSize } from './size.ts';
import type { ReadTile } from './tile-proof.ts';
import { encodeTile, hashesAt, parseTile, tileWidth, type Tile } from './tile.ts';

/**
 * The right edge of a tree: all that growing it takes. `rows` are the hashes of the partial tile of each level, from
 * the leaves up; a level whose last tile is full has none. At most seven rows of 255 hashes.
 */
export interface TreeEdge {
  readonly size: number;
  readonly rows: readonly (readonly Uint8Array[])[];
}

/** The edge of the tree without leaves. */
export const emptyEdge: TreeEdge = { size: 0, rows: [] };

/**
 * The edge of a tree of `size` leaves, from its partial tiles: compare {@link edgeRoot} with the signed root.
 * @throws LedgerError `size-invalid` or `tile-malformed`
 */
export async function readEdge(size: number, readTile: ReadTile): Promise<TreeEdge> {
  assertSize(size);
  const rows = rowWidths(size).map(async (width, level) => {
    if (width === 0) return [];
    const index = hashesAt(level + 1, size);
    return parseTile(await readTile(level, index, width), width);
  });
  return { size, rows: await Promise.all(rows) };
}

/**
 * Appends leaves: the new edge, and every tile to write, lowest level first. A partial tile replaces the
 * narrower one at its place. Takes O(leaves) hashes whatever the size of the tree.
 * @param leafHashes in order, 32 bytes each
 * @throws LedgerError `edge-invalid`, `hash-invalid`, or `size-invalid` for a tree beyond 2^53 - 1 leaves
 */
export function growTree(
  edge: TreeEdge,
  leafHashes: readonly Uint8Array[],
): { edge: TreeEdge; tiles: Tile[] } {
  assertEdge(edge);
  assertSize(edge.size + leafHashes.length);
  for (const hash of leafHashes) assertHash(hash, 'hash-invalid');
  const tiles: Tile[] = [];
  const rows: (readonly Uint8Array[])[] = [];
  let added = leafHashes;
  for (let level = 0; added.length > 0 || level < edge.rows.length; level++) {
    const grown = growRow({ level, index: hashesAt(level + 1, edge.size) }, [
      ...(edge.rows[level] ?? []),
      ...added,
    ]);
    if (added.length > 0) tiles.push(...grown.tiles);
    rows.push(grown.rest);
    added = grown.roots;
  }
  return { edge: { size: edge.size + leafHashes.length, rows }, tiles };
}

/** Tiles of one row from its first partial tile on, the roots of the full ones, and what stays partial. */
function growRow({ level, index }: { level: number; index: number }, row: readonly Uint8Array[]) {
  const tiles: Tile[] = [];
  const roots: Uint8Array[] = [];
  const full = Math.floor(row.length / tileWidth);
  for (let i = 0; i < full; i++) {
    const hashes = row.slice(i * tileWidth, (i + 1) * tileWidth);
    tiles.push({ level, index: index + i, width: tileWidth, bytes: encodeTile(hashes) });
    roots.push(merkleRoot(hashes));
  }
  const rest = row.slice(full * tileWidth);
  if (rest.length > 0) {
    tiles.push({ level, index: index + full, width: rest.length, bytes: encodeTile(rest) });
  }
  return { tiles, roots, rest };
}

/**
 * Root of the tree with this edge (RFC 6962, section 2.1).
 * @throws LedgerError `size-invalid` or `edge-invalid`
 */
export function edgeRoot(edge: TreeEdge): Uint8Array {
  assertEdge(edge);
  const largestLast = edge.rows.flatMap((row) =>
    completeSubtrees({ begin: 0, end: row.length })
      .map(({ begin, height }) => merkleRoot(row.slice(begin, begin + 2 ** height)))
      .toReversed(),
  );
  const [smallest, ...others] = largestLast;
  if (smallest === undefined) return merkleRoot([]);
  return others.reduce((right, left) => nodeHash(left, right), smallest);
}

/** Width of the partial tile of each level, 0 for none (tlog-tiles, "Partial Tiles"). */
function rowWidths(size: number): number[] {
  const widths: number[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    widths.push(hashesAt(level, size) % tileWidth);
  }
  return widths;
}

function assertEdge({ size, rows }: TreeEdge): void {
  assertSize(size);
  const widths = rowWidths(size);
  if (rows.length !== widths.length || rows.some((row, level) => row.length !== widths[level])) {
    throw new LedgerError('edge-invalid', 'not the edge of a tree of this size');
  }
  for (const row of rows) for (const hash of row) assertHash(hash, 'edge-invalid');
}
