import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, flipped, leavesOf, servedTree, stackRoot, uniform } from '../tests/fixtures.ts';
import {
  consistencyProof,
  consistencyProofFromTiles,
  inclusionProof,
  inclusionProofFromTiles,
  rootFromTiles,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';

const sizes = [1, 2, 3, 7, 8, 9, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537, 65_539];
let leaves: Uint8Array[];
const trees = new Map<number, ReturnType<typeof servedTree> & { root: Uint8Array }>();
beforeAll(() => {
  leaves = leavesOf(Math.max(...sizes));
  for (const size of sizes) {
    const part = leaves.slice(0, size);
    trees.set(size, { ...servedTree(part), root: stackRoot(part) });
  }
});

const place = fc
  .constantFrom(...sizes)
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }));

describe('a proof from tiles', () => {
  test('of inclusion leads to the root', async () => {
    await fc.assert(
      fc.asyncProperty(place, async ({ index, size }) => {
        const { readTile, root } = trees.get(size)!;
        const proof = await inclusionProofFromTiles({ index, size }, readTile);
        const claim = { index, size, leaf: leaves[index]!, proof, root };
        expect(() => verifyInclusion(claim)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  test('is that of the leaves', async () => {
    for (const size of [1, 2, 3, 7, 255, 256, 257, 513]) {
      const [part, { readTile }] = [leaves.slice(0, size), trees.get(size)!];
      for (const index of [0, size >> 1, size - 1]) {
        const [inclusion, consistency] = await Promise.all([
          inclusionProofFromTiles({ index, size }, readTile),
          consistencyProofFromTiles({ oldSize: index, size }, readTile),
        ]);
        expect(inclusion).toEqual(inclusionProof(part, index));
        expect(consistency).toEqual(consistencyProof(part, index));
      }
    }
  });

  test('of consistency leads every size to every larger one', async () => {
    for (const size of sizes) {
      const { readTile, root } = trees.get(size)!;
      for (const oldSize of sizes.filter((old) => old <= size)) {
        const proof = await consistencyProofFromTiles({ oldSize, size }, readTile);
        const oldRoot = trees.get(oldSize)!.root;
        expect(() => verifyConsistency({ oldSize, size, oldRoot, root, proof })).not.toThrow();
      }
    }
  });

  test('holds beyond 32 bits', async () => {
    const index = fc.oneof(fc.maxSafeNat(), fc.nat(600));
    const size = fc.constantFrom(2 ** 53 - 1, 2 ** 52, 2 ** 40 + 1, 256 ** 4 - 1, 256 ** 3 + 1);
    await fc.assert(
      fc.asyncProperty(index, size, async (seed, size) => {
        const index = seed % size;
        const proof = await inclusionProofFromTiles({ index, size }, uniform.readTile);
        const claim = { index, size, leaf: uniform.leaf, proof, root: uniform.root(size) };
        expect(() => verifyInclusion(claim)).not.toThrow();
      }),
      { numRuns: 100 },
    );
    expect(await rootFromTiles(2 ** 53 - 1, uniform.readTile)).toEqual(uniform.root(2 ** 53 - 1));
  });

  test('reads at most 6 tiles at 10^6 entries, none twice', async () => {
    const nearby = fc.integer({ min: 990_000, max: 1_000_000 });
    await fc.assert(
      fc.asyncProperty(fc.nat(989_999), nearby, async (index, size) => {
        const read: string[] = [];
        const readTile: typeof uniform.readTile = (level, index, width) => {
          read.push(`${level}/${index}`);
          return uniform.readTile(level, index, width);
        };
        await inclusionProofFromTiles({ index, size }, readTile);
        expect(read.length).toBeLessThanOrEqual(6);
        expect(new Set(read).size).toBe(read.length);
        read.length = 0;
        await consistencyProofFromTiles({ oldSize: index, size }, readTile);
        expect(read.length).toBeLessThanOrEqual(6);
      }),
      { numRuns: 100 },
    );
  });

  test('asks for partial tiles by the width they have at this size', async () => {
    const { readTile, read } = servedTree(leaves.slice(0, 513));
    await inclusionProofFromTiles({ index: 0, size: 513 }, readTile);
    expect(read.toSorted()).toEqual(['tile/0/000', 'tile/0/002.p/1', 'tile/1/000.p/2']);
  });

  test('from a tile with any single bit changed leads to another root', async () => {
    const size = 5;
    const { readTile, root } = servedTreeWithRoot(size);
    const bytes = await readTile(0, 0, size);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const bad = () => flipped(bytes, bit);
      expect(await rootFromTiles(size, bad)).not.toEqual(root);
      const proof = await inclusionProofFromTiles({ index: 2, size }, bad);
      const claim = { index: 2, size, leaf: leaves[2]!, proof, root };
      const own = bit >> 8 === 2;
      const code = await codeOf(() => verifyInclusion(claim));
      expect(code).toBe(own ? 'nothing thrown' : 'proof-mismatch');
    }
  });

  test('is not made from tiles of another width', async () => {
    for (const length of [0, 31, 4 * 32, 6 * 32, 256 * 32]) {
      const readTile = () => new Uint8Array(length);
      const codes = await Promise.all([
        codeOf(() => inclusionProofFromTiles({ index: 0, size: 5 }, readTile)),
        codeOf(() => consistencyProofFromTiles({ oldSize: 3, size: 5 }, readTile)),
        codeOf(() => rootFromTiles(5, readTile)),
      ]);
      expect(new Set(codes)).toEqual(new Set(['tile-malformed']));
    }
  });

  test('does not exist for places that are none', async () => {
    const { readTile } = uniform;
    for (const [index, size] of [
      [5, 5],
      [-1, 5],
      [0, 0],
      [0, 2 ** 53],
    ] as const) {
      const code = await codeOf(() => inclusionProofFromTiles({ index, size }, readTile));
      expect(code).toBe('size-invalid');
    }
    for (const [oldSize, size] of [
      [6, 5],
      [-1, 5],
      [0, 2 ** 53],
    ] as const) {
      const code = await codeOf(() => consistencyProofFromTiles({ oldSize, size }, readTile));
      expect(code).toBe('size-invalid');
    }
    for (const size of [-1, 0.5, 2 ** 53]) {
      expect(await codeOf(() => rootFromTiles(size, readTile))).toBe('size-invalid');
    }
  });
});

function servedTreeWithRoot(size: number) {
  const part = leaves.slice(0, size);
  return { ...servedTree(part), root: stackRoot(part) };
}
