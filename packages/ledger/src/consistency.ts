import { equalBytes } from './bytes.ts';
import { LedgerError } from './errors.ts';
import { assertHash, merkleRoot, nodeHash, splitPoint } from './merkle.ts';
import { consistencyRanges } from './ranges.ts';
import { assertSize } from './size.ts';

/**
 * Proof that the tree of these leaves begins with the tree of the first `oldSize` of them (RFC 6962, section
 * 2.1.2). From nothing, and from the whole tree, the proof is empty.
 * @throws LedgerError `size-invalid`
 */
export function consistencyProof(leafHashes: readonly Uint8Array[], oldSize: number): Uint8Array[] {
  assertGrowth(oldSize, leafHashes.length);
  return consistencyRanges(oldSize, leafHashes.length).map(({ begin, end }) =>
    merkleRoot(leafHashes.slice(begin, end)),
  );
}

/** Two trees, and the proof that the larger one begins with the smaller one. */
export interface Consistency {
  readonly oldSize: number;
  readonly size: number;
  /** Roots and proof hashes, 32 bytes each */
  readonly oldRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Checks that one tree begins with the other (RFC 9162, section 2.1.4.2). All of it is attacker-controlled.
 * The empty tree begins every tree; its root and that of an equal size must still be right.
 * @throws LedgerError `size-invalid`, `proof-malformed` or `proof-mismatch`
 */
export function verifyConsistency(consistency: Consistency): void {
  const { oldSize, size, oldRoot, root, proof } = consistency;
  assertGrowth(oldSize, size);
  for (const hash of [oldRoot, root, ...proof]) assertHash(hash, 'proof-malformed');
  if (oldSize === 0 || oldSize === size) {
    if (proof.length > 0) throw new LedgerError('proof-malformed', 'proof is too long');
    assertSameRoot(oldRoot, oldSize === 0 ? merkleRoot([]) : root);
    if (size === 0) assertSameRoot(root, oldRoot);
    return;
  }
  const derived = rootsFromConsistency(consistency);
  assertSameRoot(oldRoot, derived.oldRoot);
  assertSameRoot(root, derived.root);
}

function rootsFromConsistency({ oldSize, size, oldRoot, proof }: Consistency) {
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (first === undefined) throw new LedgerError('proof-malformed', 'proof is too short');
  let place: Place = { node: oldSize - 1, last: size - 1 };
  while (place.node % 2 === 1) place = climb(place);
  let [oldSide, newSide] = [first, first];
  for (const hash of rest) {
    if (place.last === 0) throw new LedgerError('proof-malformed', 'proof is too long');
    if (place.node % 2 === 1 || place.node === place.last) {
      oldSide = nodeHash(hash, oldSide);
      newSide = nodeHash(hash, newSide);
      while (place.node % 2 === 0 && place.node !== 0) place = climb(place);
    } else {
      newSide = nodeHash(newSide, hash);
    }
    place = climb(place);
  }
  if (place.last !== 0) throw new LedgerError('proof-malformed', 'proof is too short');
  return { oldRoot: oldSide, root: newSide };
}

/** The last node of the old tree and of the new one, on one level. */
interface Place {
  readonly node: number;
  readonly last: number;
}

const climb = ({ node, last }: Place): Place => ({
  node: Math.floor(node / 2),
  last: Math.floor(last / 2),
});

const isPowerOfTwo = (size: number) => size === 1 || splitPoint(size) * 2 === size;

function assertSameRoot(given: Uint8Array, derived: Uint8Array): void {
  if (!equalBytes(given, derived)) {
    throw new LedgerError('proof-mismatch', 'proof leads to another root');
  }
}

/** @throws LedgerError `size-invalid` unless a tree of `oldSize` leaves can have grown to `size` */
export function assertGrowth(oldSize: number, size: number): void {
  assertSize(oldSize);
  assertSize(size);
  if (oldSize > size) throw new LedgerError('size-invalid', 'the old tree is the larger one');
}
