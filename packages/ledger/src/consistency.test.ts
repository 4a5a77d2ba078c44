import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf, flipped, leavesOf, published, stackRoot, uniform } from '../tests/fixtures.ts';
import {
  consistencyProof,
  consistencyProofFromTiles,
  leafHash,
  merkleRoot,
  verifyConsistency,
} from './index.ts';

const sizes = [...Array.from({ length: 34 }, (_, i) => i + 1), 63, 64, 65, 127, 128, 129];
const leaves = leavesOf(300);
const roots = new Map([...sizes, 255, 256, 257].map((n) => [n, stackRoot(leaves.slice(0, n))]));

const proven = ({ oldSize, size }: { oldSize: number; size: number }) => ({
  oldSize,
  size,
  oldRoot: oldSize === 0 ? merkleRoot([]) : stackRoot(leaves.slice(0, oldSize)),
  root: size === 0 ? merkleRoot([]) : stackRoot(leaves.slice(0, size)),
  proof: consistencyProof(leaves.slice(0, size), oldSize),
});
const growth = fc
  .integer({ min: 2, max: 300 })
  .chain((size) =>
    fc.record({ size: fc.constant(size), oldSize: fc.integer({ min: 1, max: size - 1 }) }),
  );

describe('a proof of consistency', () => {
  test.each([
    { oldSize: 1, size: 1, proof: [] },
    {
      oldSize: 1,
      size: 8,
      proof: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      oldSize: 6,
      size: 8,
      proof: [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
    {
      oldSize: 2,
      size: 5,
      proof: [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    },
  ])('from $oldSize to $size is the published one', ({ oldSize, size, proof }) => {
    const made = consistencyProof(published.slice(0, size), oldSize);
    expect(made.map(bytesToHex)).toEqual(proof);
  });

  test.each([...sizes, 255, 256, 257])('leads every smaller tree to %i leaves', (size) => {
    for (const oldSize of sizes.filter((old) => old <= size)) {
      const proof = consistencyProof(leaves.slice(0, size), oldSize);
      const [oldRoot, root] = [roots.get(oldSize)!, roots.get(size)!];
      expect(() => verifyConsistency({ oldSize, size, oldRoot, root, proof })).not.toThrow();
    }
  });

  test('from nothing is empty, and is refused with another root of nothing', async () => {
    const good = proven({ oldSize: 0, size: 5 });
    expect(good.proof).toEqual([]);
    verifyConsistency(good);
    const forged = { ...good, oldRoot: good.root };
    expect(await codeOf(() => verifyConsistency(forged))).toBe('proof-mismatch');
    const nothing = proven({ oldSize: 0, size: 0 });
    verifyConsistency(nothing);
    for (const bad of [{ root: good.root }, { oldRoot: good.root, root: good.root }]) {
      expect(await codeOf(() => verifyConsistency({ ...nothing, ...bad }))).toBe('proof-mismatch');
    }
  });

  test('of one size is empty, and is refused with two roots', async () => {
    const good = proven({ oldSize: 5, size: 5 });
    expect(good.proof).toEqual([]);
    const root = stackRoot(leaves.slice(0, 6));
    expect(await codeOf(() => verifyConsistency({ ...good, root }))).toBe('proof-mismatch');
    expect(await codeOf(() => verifyConsistency({ ...good, oldRoot: root }))).toBe(
      'proof-mismatch',
    );
  });

  test.each([
    { oldSize: 3, size: 7 },
    { oldSize: 4, size: 7 },
    { oldSize: 6, size: 8 },
  ])('from $oldSize to $size is refused with any single bit changed', async (place) => {
    const good = proven(place);
    const parts = [good.oldRoot, good.root, ...good.proof];
    for (let bit = 0; bit < parts.length * 256; bit++) {
      const [oldRoot, root, ...proof] = parts.map((part, i) =>
        i === bit >> 8 ? flipped(part, bit & 255) : part,
      );
      const bad = { ...good, oldRoot: oldRoot!, root: root!, proof };
      expect(await codeOf(() => verifyConsistency(bad))).toBe('proof-mismatch');
    }
  });

  test('is refused with any single bit changed, at any size', async () => {
    await fc.assert(
      fc.asyncProperty(growth, fc.nat(), async (place, seed) => {
        const good = proven(place);
        const bit = seed % (good.proof.length * 256);
        const at = bit >> 8;
        const proof = good.proof.with(at, flipped(good.proof[at]!, bit & 255));
        expect(await codeOf(() => verifyConsistency({ ...good, proof }))).toBe('proof-mismatch');
      }),
      { numRuns: 300 },
    );
  });

  test('is refused one hash shorter or longer', async () => {
    await fc.assert(
      fc.asyncProperty(growth, async (place) => {
        const good = proven(place);
        const wrong = [good.proof.slice(1), good.proof.slice(0, -1), [...good.proof, good.root]];
        for (const proof of wrong) {
          expect(await codeOf(() => verifyConsistency({ ...good, proof }))).toBe('proof-malformed');
        }
      }),
      { numRuns: 200 },
    );
    for (const place of [
      { oldSize: 0, size: 5 },
      { oldSize: 5, size: 5 },
    ]) {
      const longer = { ...proven(place), proof: [leaves[0]!] };
      expect(await codeOf(() => verifyConsistency(longer))).toBe('proof-malformed');
    }
  });

  test('is refused in another order', async () => {
    const good = proven({ oldSize: 6, size: 8 });
    const bad = { ...good, proof: good.proof.toReversed() };
    expect(await codeOf(() => verifyConsistency(bad))).toBe('proof-mismatch');
  });

  test('is refused for a tree with another past', async () => {
    await fc.assert(
      fc.asyncProperty(growth, fc.nat(), async (place, seed) => {
        const rewritten = leaves.with(seed % place.oldSize, leafHash(Uint8Array.of(1)));
        const forged = {
          ...proven(place),
          root: stackRoot(rewritten.slice(0, place.size)),
          proof: consistencyProof(rewritten.slice(0, place.size), place.oldSize),
        };
        expect(await codeOf(() => verifyConsistency(forged))).toBe('proof-mismatch');
      }),
      { numRuns: 100 },
    );
  });

  test('is refused with a hash of other than 32 bytes', async () => {
    const good = proven({ oldSize: 3, size: 7 });
    for (const length of [0, 31, 33]) {
      const odd = new Uint8Array(length);
      for (const bad of [{ oldRoot: odd }, { root: odd }, { proof: good.proof.with(1, odd) }]) {
        expect(await codeOf(() => verifyConsistency({ ...good, ...bad }))).toBe('proof-malformed');
      }
    }
  });

  test.each([
    [6, 5],
    [-1, 5],
    [1.5, 5],
    [1, 5.5],
    [Number.NaN, 5],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
    [1, 2 ** 53],
    [2 ** 53, 2 ** 53],
  ])('does not exist from %d to %d', async (oldSize, size) => {
    const good = proven({ oldSize: 3, size: 5 });
    expect(await codeOf(() => verifyConsistency({ ...good, oldSize, size }))).toBe('size-invalid');
  });

  test.each([6, -1, 1.5, Number.NaN])('is not made from %d to 5', async (oldSize) => {
    expect(await codeOf(() => consistencyProof(leavesOf(5), oldSize))).toBe('size-invalid');
  });

  test('holds beyond 32 bits', async () => {
    const largest = 2 ** 53 - 1;
    const big = [largest, largest - 1, 2 ** 52, 2 ** 52 + 1, 2 ** 40 - 1, 2 ** 40, 2 ** 32 + 1];
    for (const size of big) {
      for (const oldSize of [1, 2, 3, 2 ** 31, 2 ** 32, ...big.filter((old) => old <= size)]) {
        const proof = await consistencyProofFromTiles({ oldSize, size }, uniform.readTile);
        const [oldRoot, root] = [uniform.root(oldSize), uniform.root(size)];
        expect(() => verifyConsistency({ oldSize, size, oldRoot, root, proof })).not.toThrow();
      }
    }
  });
});
