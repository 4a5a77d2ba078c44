import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerErrorCode } from './errors.ts';
import { inclusionProof, merkleTree, rootFromInclusion, verifyInclusion } from './inclusion.ts';
import { leafHash, merkleRoot, nodeHash } from './merkle.ts';

const leavesOf = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i >> 8, i & 0xff)));

/** Every size to 70, and the sizes around 2^8. */
const sizes = [...Array.from({ length: 70 }, (_, i) => i + 1), 255, 256, 257];
const anyPlace = fc
  .constantFrom(...sizes)
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }));

const proven = ({ index, size }: { index: number; size: number }) => {
  const leaves = leavesOf(size);
  return {
    index,
    size,
    leaf: leaves.at(index)!,
    proof: inclusionProof(leaves, index),
    root: merkleRoot(leaves),
  };
};
const refusal = (code: LedgerErrorCode) => expect.objectContaining({ name: 'LedgerError', code });

describe('a proof of inclusion', () => {
  test.each(sizes)('leads every leaf of %i to the root', (size) => {
    const leaves = leavesOf(size);
    const root = stackRoot(leaves);
    expect(merkleRoot(leaves)).toEqual(root);
    const step = size > 70 ? 17 : 1;
    for (let index = 0; index < size; index += step) {
      const proof = inclusionProof(leaves, index);
      verifyInclusion({ index, size, leaf: leaves.at(index)!, proof, root });
    }
  });

  test('is refused with any single bit changed', () => {
    fc.assert(
      fc.property(anyPlace, fc.nat(), (place, seed) => {
        const good = proven(place);
        const parts = [good.leaf, good.root, ...good.proof];
        const bit = seed % (parts.length * 256);
        const changed = parts.map((part, i) => (i === bit >> 8 ? flipped(part, bit & 255) : part));
        const [leaf, root] = [changed.at(0)!, changed.at(1)!];
        const bad = { ...good, leaf, root, proof: changed.slice(2) };
        expect(() => verifyInclusion(bad)).toThrow(refusal('proof-mismatch'));
      }),
      { numRuns: 300 },
    );
  });

  test('is refused with each bit of one proof changed', () => {
    const good = proven({ index: 4, size: 7 });
    for (let bit = 0; bit < good.proof.length * 256; bit++) {
      const proof = good.proof.map((hash, i) => (i === bit >> 8 ? flipped(hash, bit & 255) : hash));
      expect(() => verifyInclusion({ ...good, proof })).toThrow(refusal('proof-mismatch'));
    }
  });

  test('is refused at every other place of the same tree', () => {
    for (const size of [2, 3, 7, 8, 9]) {
      for (let index = 0; index < size; index++) {
        for (let other = 0; other < size; other++) {
          if (other === index) continue;
          expect(() => verifyInclusion({ ...proven({ index, size }), index: other })).toThrow(
            expect.objectContaining({ name: 'LedgerError' }),
          );
        }
      }
    }
  });

  test('is refused one hash shorter or longer', () => {
    fc.assert(
      fc.property(anyPlace, (place) => {
        const { root: _, ...good } = proven(place);
        const longer = [...good.proof, good.leaf];
        expect(() => rootFromInclusion({ ...good, proof: longer })).toThrow(
          refusal('proof-malformed'),
        );
        if (good.proof.length === 0) return;
        for (const proof of [good.proof.slice(1), good.proof.slice(0, -1)]) {
          expect(() => rootFromInclusion({ ...good, proof })).toThrow(refusal('proof-malformed'));
        }
      }),
    );
  });

  test('is refused with a hash of other than 32 bytes', () => {
    const good = proven({ index: 2, size: 5 });
    for (const length of [0, 31, 33, 64]) {
      const odd = new Uint8Array(length);
      for (const bad of [{ leaf: odd }, { root: odd }, { proof: good.proof.with(1, odd) }]) {
        expect(() => verifyInclusion({ ...good, ...bad })).toThrow(refusal('proof-malformed'));
      }
    }
  });

  test.each([
    [0, 0],
    [5, 5],
    [-1, 5],
    [1.5, 5],
    [Number.NaN, 5],
    [0, Number.POSITIVE_INFINITY],
    [0, 2 ** 53],
    [2 ** 53, 2 ** 53 + 2],
  ])('has no place at %d of %d', (index, size) => {
    const good = proven({ index: 2, size: 5 });
    expect(() => rootFromInclusion({ ...good, index, size })).toThrow(refusal('size-invalid'));
  });

  test.each([5, -1, 1.5, Number.NaN])('is not made for leaf %d of 5', (index) => {
    expect(() => inclusionProof(leavesOf(5), index)).toThrow(refusal('size-invalid'));
  });

  test('holds beyond 32 bits', () => {
    const size = 2 ** 53 - 1;
    const leaf = leafHash(Uint8Array.of(1));
    const proof = Array.from({ length: 53 }, (_, i) => leafHash(Uint8Array.of(i)));
    const root = proof.reduce((hash, sibling) => nodeHash(hash, sibling), leaf);
    expect(rootFromInclusion({ index: 0, size, leaf, proof })).toEqual(root);
  });
});

/** Another algorithm for the same root: a binary counter of complete subtrees, folded from the right. */
function stackRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const stack: Uint8Array[] = [];
  leaves.forEach((leaf, i) => {
    let hash = leaf;
    for (let n = i; n % 2 === 1; n = Math.floor(n / 2)) hash = nodeHash(stack.pop()!, hash);
    stack.push(hash);
  });
  return stack.reduceRight((right, left) => nodeHash(left, right));
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set([copy.at(bit >> 3)! ^ (1 << (bit & 7))], bit >> 3);
  return copy;
}

test.each(sizes)('a whole tree of %i has the root and the paths of its parts', (size) => {
  const leaves = leavesOf(size);
  const { root, proofs } = merkleTree(leaves);
  expect(root).toEqual(merkleRoot(leaves));
  expect(proofs).toEqual(leaves.map((_, index) => inclusionProof(leaves, index)));
});

test('there is no tree of no leaves to prove anything in', () => {
  expect(() => merkleTree([])).toThrow(expect.objectContaining({ code: 'size-invalid' }));
});
