import { splitPoint } from './merkle.ts';

/** Leaves from `begin` up to, not including, `end`: one node of the tree. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** The nodes of an audit path, from the sibling of the leaf to the top (RFC 6962, section 2.1.1). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  const path: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const split = begin + splitPoint(end - begin);
    path.push(index < split ? { begin: split, end } : { begin, end: split });
    if (index < split) end = split;
    else begin = split;
  }
  return path.toReversed();
}

/** The nodes of a consistency proof, bottom first (RFC 6962, section 2.1.2). */
export function consistencyRanges(oldSize: number, size: number): LeafRange[] {
  if (oldSize === 0) return [];
  const path: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (end !== oldSize) {
    const split = begin + splitPoint(end - begin);
    path.push(oldSize <= split ? { begin: split, end } : { begin, end: split });
    if (oldSize <= split) end = split;
    else begin = split;
  }
  // A subtree from the first leaf on is the old tree, whose root the verifier has.
  if (begin !== 0) path.push({ begin, end });
  return path.toReversed();
}

/** 2^`height` leaves from `begin` on: a node that never changes again. */
export interface CompleteSubtree {
  readonly begin: number;
  readonly height: number;
}

/** The complete subtrees that a range at the right edge of a tree consists of, largest first. */
export function completeSubtrees({ begin, end }: LeafRange): CompleteSubtree[] {
  const subtrees: CompleteSubtree[] = [];
  let at = begin;
  while (at < end) {
    let height = 0;
    while (2 ** (height + 1) <= end - at) height++;
    subtrees.push({ begin: at, height });
    at += 2 ** height;
  }
  return subtrees;
}
