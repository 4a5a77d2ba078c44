import { assertGrowth } from './consistency.ts';
import { assertPlace } from './inclusion.ts';
import { merkleRoot, nodeHash } from './merkle.ts';
import {
  completeSubtrees,
  consistencyRanges,
  inclusionRanges,
  type CompleteSubtree,
  type LeafRange,
} from './ranges.ts';
import { assertSize } from './size.ts';
import { hashesAt, parseTile, tileWidth, type TileId } from './tile.ts';

/** Fetches the first `width` hashes of one tile, 32 bytes each. Where a log has only the full tile, cut it. */
export type ReadTile = (
  level: number,
  index: number,
  width: number,
) => Uint8Array | Promise<Uint8Array>;

/**
 * Audit path of the leaf at `index` in the tree of the first `size` leaves, from a few tiles. The tiles are
 * attacker-controlled: check the proof with `verifyInclusion` against a signed root.
 * @throws LedgerError `size-invalid` or `tile-malformed`
 */
export async function inclusionProofFromTiles(
  { index, size }: { index: number; size: number },
  readTile: ReadTile,
): Promise<Uint8Array[]> {
  assertPlace(index, size);
  return hashRanges(inclusionRanges(index, size), { size, readTile });
}

/**
 * Consistency proof between two sizes, from a few tiles. Check it with `verifyConsistency`.
 * @throws LedgerError `size-invalid` or `tile-malformed`
 */
export async function consistencyProofFromTiles(
  { oldSize, size }: { oldSize: number; size: number },
  readTile: ReadTile,
): Promise<Uint8Array[]> {
  assertGrowth(oldSize, size);
  return hashRanges(consistencyRanges(oldSize, size), { size, readTile });
}

/**
 * Root of the tree of the first `size` leaves, from the tiles of its right edge.
 * @throws LedgerError `size-invalid` or `tile-malformed`
 */
export async function rootFromTiles(size: number, readTile: ReadTile): Promise<Uint8Array> {
  assertSize(size);
  if (size === 0) return merkleRoot([]);
  const [root] = await hashRanges([{ begin: 0, end: size }], { size, readTile });
  return root!;
}

interface Source {
  readonly size: number;
  readonly readTile: ReadTile;
}

/** Each tile is read once, all of them at the same time. */
async function hashRanges(ranges: readonly LeafRange[], source: Source): Promise<Uint8Array[]> {
  const nodes = ranges.map((range) => completeSubtrees(range).map(placeOf));
  const ids = new Map(nodes.flat().map((place) => [keyOf(place), tileOf(place, source.size)]));
  const tiles = new Map(
    await Promise.all(
      [...ids].map(async ([key, { level, index, width }]) => {
        const bytes = await source.readTile(level, index, width);
        return [key, parseTile(bytes, width)] as const;
      }),
    ),
  );
  return nodes.map((places) =>
    places
      .map((place) => {
        const { offset, count } = place;
        return merkleRoot(tiles.get(keyOf(place))!.slice(offset, offset + count));
      })
      .reduceRight((right, left) => nodeHash(left, right)),
  );
}

/** `count` consecutive hashes of one tile whose root is a node. */
interface Place {
  readonly level: number;
  readonly index: number;
  readonly offset: number;
  readonly count: number;
}

function placeOf({ begin, height }: CompleteSubtree): Place {
  const level = Math.floor(height / 8);
  const at = begin / tileWidth ** level;
  return {
    level,
    index: Math.floor(at / tileWidth),
    offset: at % tileWidth,
    count: 2 ** (height % 8),
  };
}

const keyOf = ({ level, index }: Place) => `${level}/${index}`;

const tileOf = ({ level, index }: Place, size: number): TileId => ({
  level,
  index,
  width: Math.min(tileWidth, hashesAt(level, size) - index * tileWidth),
});
