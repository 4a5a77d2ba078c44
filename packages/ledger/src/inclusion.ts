import { equalBytes } from './bytes.ts';
import { LedgerError } from './errors.ts';
import { assertHash, merkleRoot, nodeHash, splitPoint } from './merkle.ts';
import { inclusionRanges } from './ranges.ts';

/**
 * The audit path of the leaf at `index`, from its sibling to the top (RFC 6962, section 2.1.1).
 * @throws LedgerError `size-invalid`
 */
export function inclusionProof(leafHashes: readonly Uint8Array[], index: number): Uint8Array[] {
  assertPlace(index, leafHashes.length);
  return inclusionRanges(index, leafHashes.length).map(({ begin, end }) =>
    merkleRoot(leafHashes.slice(begin, end)),
  );
}

/**
 * Root and every audit path of a tree, with each node hashed once: for a group of leaves that each need a proof.
 * @param leafHashes at least one, 32 bytes each
 */
export function merkleTree(leafHashes: readonly Uint8Array[]): {
  root: Uint8Array;
  proofs: Uint8Array[][];
} {
  assertPlace(0, leafHashes.length);
  if (leafHashes.length === 1) return { root: leafHashes[0]!, proofs: [[]] };
  const split = splitPoint(leafHashes.length);
  const left = merkleTree(leafHashes.slice(0, split));
  const right = merkleTree(leafHashes.slice(split));
  return {
    root: nodeHash(left.root, right.root),
    proofs: [
      ...left.proofs.map((proof) => [...proof, right.root]),
      ...right.proofs.map((proof) => [...proof, left.root]),
    ],
  };
}

/** A leaf with its audit path in a tree of one size. */
export interface Inclusion {
  /** 0-based place of the leaf among `size` leaves */
  readonly index: number;
  readonly size: number;
  /** Leaf hash and proof hashes, 32 bytes each */
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2). All of it is attacker-controlled.
 * @throws LedgerError `size-invalid` or `proof-malformed`
 */
export function rootFromInclusion({ index, size, leaf, proof }: Inclusion): Uint8Array {
  assertPlace(index, size);
  assertHash(leaf, 'proof-malformed');
  let node = index;
  let last = size - 1;
  let root = leaf;
  for (const hash of proof) {
    assertHash(hash, 'proof-malformed');
    if (last === 0) throw new LedgerError('proof-malformed', 'proof is too long');
    if (node % 2 === 1 || node === last) {
      root = nodeHash(hash, root);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      root = nodeHash(root, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new LedgerError('proof-malformed', 'proof is too short');
  return root;
}

/**
 * Checks that a tree has the leaf at its place. All of it is attacker-controlled.
 * @throws LedgerError `proof-mismatch`, and the errors of {@link rootFromInclusion}
 */
export function verifyInclusion({ root, ...inclusion }: Inclusion & { root: Uint8Array }): void {
  const derived = rootFromInclusion(inclusion);
  assertHash(root, 'proof-malformed');
  if (!equalBytes(derived, root)) {
    throw new LedgerError('proof-mismatch', 'proof leads to another root');
  }
}

/** @throws LedgerError `size-invalid` unless a tree of `size` leaves has one at `index` */
export function assertPlace(index: number, size: number): void {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new LedgerError('size-invalid', 'no such leaf in a tree of this size');
  }
}
