import { concatBytes } from '@noble/hashes/utils.js';
import { assertGrowth } from './consistency.ts';
import { LedgerError } from './errors.ts';
import { assertHash } from './merkle.ts';

/** Hashes in a full tile: one tile is a subtree of height 8 (tlog-tiles, "Merkle Tree"). */
export const tileWidth = 256;

/** Where a tile is: `width` hashes, 256 in a full one, at `index` of `level`. */
export interface TileId {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** One tile to write: `bytes` are its hashes, 32 bytes each, one after the other. */
export interface Tile extends TileId {
  readonly bytes: Uint8Array;
}

/**
 * Reads the hashes of a tile. `bytes` are attacker-controlled.
 * @throws LedgerError `tile-malformed` unless exactly `width` hashes, 1 to 256
 */
export function parseTile(bytes: Uint8Array, width: number): Uint8Array[] {
  assertWidth(width);
  if (bytes.length !== width * 32) throw new LedgerError('tile-malformed', 'not of this width');
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
}

/**
 * Writes a tile.
 * @throws LedgerError `tile-malformed` unless 1 to 256 hashes, 32 bytes each
 */
export function encodeTile(hashes: readonly Uint8Array[]): Uint8Array {
  assertWidth(hashes.length);
  for (const hash of hashes) assertHash(hash, 'tile-malformed');
  return concatBytes(...hashes);
}

/**
 * The tiles of a tree of `size` leaves that one of `oldSize` did not have, level by level; from 0, all of them.
 * A partial tile that grew is listed with its new width.
 * @throws LedgerError `size-invalid`
 */
export function* newTiles(oldSize: number, size: number): Generator<TileId, void, undefined> {
  assertGrowth(oldSize, size);
  for (let level = 0; hashesAt(level, size) > hashesAt(level, oldSize); level++) {
    const count = hashesAt(level, size);
    let index = Math.floor(hashesAt(level, oldSize) / tileWidth);
    for (; index < Math.floor(count / tileWidth); index++) yield { level, index, width: tileWidth };
    if (count % tileWidth > 0) yield { level, index, width: count % tileWidth };
  }
}

/** How many hashes a level has in a tree of `size` leaves: its complete subtrees of 256^level leaves. */
export const hashesAt = (level: number, size: number): number =>
  Math.floor(size / tileWidth ** level);

function assertWidth(width: number): void {
  if (!Number.isSafeInteger(width) || width < 1 || width > tileWidth) {
    throw new LedgerError('tile-malformed', 'a tile has 1 to 256 hashes');
  }
}
