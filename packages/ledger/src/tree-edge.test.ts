import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, leavesOf, servedTree, stackRoot, uniform } from '../tests/fixtures.ts';
import {
  edgeRoot,
  emptyEdge,
  growTree,
  merkleRoot,
  readEdge,
  rootFromTiles,
  tilePath,
  type TreeEdge,
} from './index.ts';

const largest = 256 ** 2 + 3;
let leaves: Uint8Array[];
beforeAll(() => {
  leaves = leavesOf(largest);
});

const written = (tiles: ReturnType<typeof growTree>['tiles']) =>
  new Map(tiles.map((tile) => [tilePath(tile), tile.bytes]));

describe('growing a tree', () => {
  test('leaf by leaf writes the same tiles as all at once', () => {
    const tiles = new Map<string, Uint8Array>();
    let edge = emptyEdge;
    for (const leaf of leaves.slice(0, 600)) {
      const grown = growTree(edge, [leaf]);
      edge = grown.edge;
      for (const [path, bytes] of written(grown.tiles)) tiles.set(path, bytes);
    }
    const whole = growTree(emptyEdge, leaves.slice(0, 600));
    expect(edge).toEqual(whole.edge);
    for (const [path, bytes] of written(whole.tiles)) expect(tiles.get(path)).toEqual(bytes);
  });

  test('in any two steps ends at the same edge and root', () => {
    fc.assert(
      fc.property(fc.nat(800), fc.nat(800), (first, second) => {
        const [all, head] = [leaves.slice(0, first + second), leaves.slice(0, first)];
        const { edge } = growTree(growTree(emptyEdge, head).edge, all.slice(first));
        expect(edge).toEqual(growTree(emptyEdge, all).edge);
        expect(edgeRoot(edge)).toEqual(all.length === 0 ? merkleRoot([]) : stackRoot(all));
      }),
    );
  });

  test.each([1, 2, 255, 256, 257, 511, 512, 513, 256 ** 2 - 1, 256 ** 2, 256 ** 2 + 1, largest])(
    'to %i leaves has the root of the definition, and of the tiles',
    async (size) => {
      const { edge } = growTree(emptyEdge, leaves.slice(0, size));
      const { readTile } = servedTree(leaves.slice(0, size));
      const root = stackRoot(leaves.slice(0, size));
      expect(edgeRoot(edge)).toEqual(root);
      expect(await rootFromTiles(size, readTile)).toEqual(root);
      expect(await readEdge(size, readTile)).toEqual(edge);
    },
  );

  test('by nothing changes nothing', () => {
    const { edge } = growTree(emptyEdge, leaves.slice(0, 300));
    expect(growTree(edge, [])).toEqual({ edge, tiles: [] });
    expect(growTree(emptyEdge, [])).toEqual({ edge: emptyEdge, tiles: [] });
  });

  test('past 256^3 leaves writes each level once, whatever came before', async () => {
    const size = 256 ** 3 - 1;
    const edge = await readEdge(size, uniform.readTile);
    const grown = growTree(edge, [uniform.leaf, uniform.leaf]);
    expect(grown.tiles.map((tile) => tilePath(tile))).toEqual([
      'tile/0/x065/535',
      'tile/0/x065/536.p/1',
      'tile/1/255',
      'tile/2/000',
      'tile/3/000.p/1',
    ]);
    expect(edgeRoot(grown.edge)).toEqual(uniform.root(size + 2));
  });

  test.each([2 ** 32 + 1, 256 ** 5 + 1, 2 ** 53 - 2])('holds at %d leaves', async (size) => {
    const edge = await readEdge(size, uniform.readTile);
    expect(edgeRoot(edge)).toEqual(uniform.root(size));
    const grown = growTree(edge, [uniform.leaf]);
    expect(edgeRoot(grown.edge)).toEqual(uniform.root(size + 1));
    expect(grown.edge).toEqual(await readEdge(size + 1, uniform.readTile));
  });

  test('ends at 2^53 - 1 leaves', async () => {
    const edge = await readEdge(2 ** 53 - 1, uniform.readTile);
    expect(await codeOf(() => growTree(edge, [uniform.leaf]))).toBe('size-invalid');
  });

  test('takes only hashes', async () => {
    for (const length of [0, 31, 33]) {
      const bad = [leaves[0]!, new Uint8Array(length)];
      expect(await codeOf(() => growTree(emptyEdge, bad))).toBe('hash-invalid');
    }
  });
});

describe('an edge', () => {
  test('that does not fit its size is refused', async () => {
    const { edge } = growTree(emptyEdge, leaves.slice(0, 300));
    const bad: TreeEdge[] = [
      { ...edge, size: 299 },
      { ...edge, size: 301 },
      { ...edge, size: 300 + 256 },
      { ...edge, size: 0 },
      { ...edge, rows: [] },
      { ...edge, rows: [...edge.rows, []] },
      { ...edge, rows: edge.rows.slice(0, 1) },
      { ...edge, rows: [edge.rows[0]!, [new Uint8Array(31)]] },
    ];
    for (const wrong of bad) {
      expect(await codeOf(() => edgeRoot(wrong))).toBe('edge-invalid');
      expect(await codeOf(() => growTree(wrong, [leaves[0]!]))).toBe('edge-invalid');
    }
    for (const size of [-1, 1.5, 2 ** 53]) {
      expect(await codeOf(() => edgeRoot({ ...edge, size }))).toBe('size-invalid');
    }
  });

  test('is not read from tiles of another width', async () => {
    for (const length of [0, 31, 43 * 32, 45 * 32]) {
      const code = await codeOf(() => readEdge(300, () => new Uint8Array(length)));
      expect(code).toBe('tile-malformed');
    }
    expect(await codeOf(() => readEdge(2 ** 53, uniform.readTile))).toBe('size-invalid');
  });

  test('of nothing needs no tile', async () => {
    const none = () => expect.unreachable();
    expect(await readEdge(0, none)).toEqual(emptyEdge);
    expect(await rootFromTiles(0, none)).toEqual(merkleRoot([]));
  });
});
