import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf, leavesOf } from '../tests/fixtures.ts';
import { emptyEdge, encodeTile, growTree, newTiles, parseTile, type TileId } from './index.ts';

const idsOf = (tiles: Iterable<TileId>) =>
  [...tiles].map(({ level, index, width }) => `${level}/${index}/${width}`);

describe('the tiles of a tree (tlog-tiles, "Partial Tiles")', () => {
  test('of 70,000 leaves are those of the specification', () => {
    const tiles = [...newTiles(0, 70_000)];
    const count = (level: number, width: number) =>
      tiles.filter((tile) => tile.level === level && tile.width === width).length;
    expect([count(0, 256), count(0, 112)]).toEqual([273, 1]);
    expect([count(1, 256), count(1, 17)]).toEqual([1, 1]);
    expect(count(2, 1)).toBe(1);
    expect(tiles).toHaveLength(277);
  });

  test('of 256 leaves are one full tile and one hash above it', () => {
    expect(idsOf(newTiles(0, 256))).toEqual(['0/0/256', '1/0/1']);
  });

  test('of no leaves are none, and growing by nothing needs none', () => {
    expect(idsOf(newTiles(0, 0))).toEqual([]);
    expect(idsOf(newTiles(300, 300))).toEqual([]);
  });

  test('that are new when it grows are those that growing writes', () => {
    const sizes = fc
      .tuple(fc.nat(1200), fc.nat(1200))
      .map((pair) => pair.toSorted((a, b) => a - b));
    const leaves = leavesOf(1200);
    fc.assert(
      fc.property(sizes, ([oldSize, size]) => {
        const { edge } = growTree(emptyEdge, leaves.slice(0, oldSize));
        const { tiles } = growTree(edge, leaves.slice(oldSize, size));
        expect(idsOf(newTiles(oldSize!, size!))).toEqual(idsOf(tiles));
      }),
    );
  });

  test('are listed lazily, up to 2^53 - 1 leaves', () => {
    const last = 2 ** 53 - 1;
    expect(idsOf(newTiles(last - 1, last))).toEqual([`0/${2 ** 45 - 1}/255`]);
    expect(newTiles(0, last).next().value).toEqual({ level: 0, index: 0, width: 256 });
  });

  test.each([
    [1, 0],
    [0, 2 ** 53],
    [-1, 5],
    [0.5, 5],
  ])('from %d to %d do not exist', async (oldSize, size) => {
    expect(await codeOf(() => newTiles(oldSize, size).next())).toBe('size-invalid');
  });
});

describe('a tile', () => {
  test.each([1, 2, 255, 256])('of %i hashes is read back', (width) => {
    const hashes = leavesOf(width);
    const bytes = encodeTile(hashes);
    expect(bytes).toHaveLength(width * 32);
    expect(parseTile(bytes, width)).toEqual(hashes);
  });

  test.each([
    [0, 0],
    [0, 1],
    [31, 1],
    [33, 1],
    [32, 2],
    [64, 1],
    [257 * 32, 257],
    [32, 1.5],
    [0, Number.NaN],
    [0, -1],
  ])('of %d bytes has no %d hashes', async (length, width) => {
    expect(await codeOf(() => parseTile(new Uint8Array(length), width))).toBe('tile-malformed');
  });

  test('is not made of nothing, of 257 hashes, or of what is no hash', async () => {
    for (const hashes of [[], leavesOf(257), [new Uint8Array(31)]]) {
      expect(await codeOf(() => encodeTile(hashes))).toBe('tile-malformed');
    }
  });
});
