import {
  encodeTile,
  merkleRoot,
  nodeHash,
  tileWidth,
  type Tile,
  type TreeEdge,
} from '@recourse/ledger';

/** Levels of hashes in one tile: it is a subtree of this height (tlog-tiles, "Merkle Tree"). */
const tileHeight = 8;

/**
 * A tree that is grown anew, leaf by leaf, with every tile that it has. Unlike `growTree` it knows its root at every
 * size for a few hashes: all that were signed are compared on the way.
 */
export class TreeGrowth {
  #size = 0;
  /** Roots of the complete subtrees that the tree is made of, the largest first */
  readonly #subtrees: { readonly height: number; readonly hash: Uint8Array }[] = [];
  /** The hashes of the partial tile of each level */
  readonly #rows: Uint8Array[][] = [];

  /** @param edge of the tree from which it grows on; the empty tree without */
  constructor(edge?: TreeEdge) {
    this.#size = edge?.size ?? 0;
    for (const [level, row] of (edge?.rows ?? []).entries()) {
      this.#rows[level] = [...row];
      this.#subtrees.unshift(...subtreesOf(row, level));
    }
  }

  get size(): number {
    return this.#size;
  }

  /** Appends a leaf hash. @returns the tiles that are full with it, lowest level first */
  push(leaf: Uint8Array): Tile[] {
    const full = this.#fill(0, leaf);
    let node = { height: 0, hash: leaf };
    while (this.#subtrees.at(-1)?.height === node.height) {
      const left = this.#subtrees.pop()!;
      node = { height: node.height + 1, hash: nodeHash(left.hash, node.hash) };
      if (node.height % tileHeight === 0) {
        full.push(...this.#fill(node.height / tileHeight, node.hash));
      }
    }
    this.#subtrees.push(node);
    this.#size++;
    return full;
  }

  /** Root of the tree as it is now (RFC 6962, section 2.1) */
  root(): Uint8Array {
    const hashes = this.#subtrees.map(({ hash }) => hash);
    return hashes.length === 0
      ? merkleRoot([])
      : hashes.reduceRight((right, left) => nodeHash(left, right));
  }

  /** Root with these leaves after it; the tree stays as it is */
  rootWith(leaves: readonly Uint8Array[]): Uint8Array {
    const copy = new TreeGrowth();
    copy.#subtrees.push(...this.#subtrees);
    for (const leaf of leaves) copy.push(leaf);
    return copy.root();
  }

  /** The partial tile of each level that has one */
  partialTiles(): Tile[] {
    return this.#rows.flatMap((row, level) => {
      const index = Math.floor(this.#size / tileWidth ** (level + 1));
      return row.length === 0 ? [] : [{ level, index, width: row.length, bytes: encodeTile(row) }];
    });
  }

  #fill(level: number, hash: Uint8Array): Tile[] {
    const row = (this.#rows[level] ??= []);
    row.push(hash);
    if (row.length < tileWidth) return [];
    this.#rows[level] = [];
    // The leaf that fills it is counted after it.
    const index = Math.floor(this.#size / tileWidth ** (level + 1));
    return [{ level, index, width: tileWidth, bytes: encodeTile(row) }];
  }
}

/** Roots of the complete subtrees that the hashes of a partial tile are made of, the largest first */
function subtreesOf(
  row: readonly Uint8Array[],
  level: number,
): { height: number; hash: Uint8Array }[] {
  const subtrees: { height: number; hash: Uint8Array }[] = [];
  let begin = 0;
  for (let height = tileHeight - 1; height >= 0; height--) {
    const width = 2 ** height;
    if ((row.length & width) === 0) continue;
    const hash = merkleRoot(row.slice(begin, begin + width));
    subtrees.push({ height: level * tileHeight + height, hash });
    begin += width;
  }
  return subtrees;
}
