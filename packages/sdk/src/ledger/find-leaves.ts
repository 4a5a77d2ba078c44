import { edgeRoot, growTree, parseTile, readEdge, type TreeEdge } from '@recourse/ledger';
import { equalBytes, toBase64url } from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import type { LogFiles } from './log-files.ts';
import type { Head } from './ledger-store.ts';

const tileWidth = 256;
const tilesAtOnce = 8;

export interface LeafSearch {
  /** Two verified heads, the smaller first */
  readonly from: Head;
  readonly to: Head;
  readonly tile: LogFiles['tile'];
  /** Leaf hashes, base64url */
  readonly wanted: ReadonlySet<string>;
}

/** Tiles that a search reads, but for the edge of the smaller tree. */
export const tilesBetween = (from: Head, to: Head): number =>
  Math.ceil(to.size / tileWidth) - Math.floor(from.size / tileWidth);

/**
 * Which leaves stand between two heads. One hash a new entry, and every leaf at once: the smaller tree, grown by what
 * the tiles say, must have the root of the larger one.
 * @throws RecourseError `ledger-invalid`, `unavailable`
 */
export async function findLeaves({ from, to, tile, wanted }: LeafSearch): Promise<string[]> {
  return failAs('ledger-invalid', async () => {
    let edge = await readEdge(from.size, tile);
    assertRoot(edge, from);
    const found: string[] = [];
    while (edge.size < to.size) {
      const leaves = await leavesFrom(edge.size, { to, tile });
      found.push(...leaves.map(toBase64url).filter((leaf) => wanted.has(leaf)));
      ({ edge } = growTree(edge, leaves));
    }
    assertRoot(edge, to);
    return found;
  });
}

/** The leaves from an index on, as far as the next few tiles hold them. */
async function leavesFrom(
  index: number,
  { to, tile }: Pick<LeafSearch, 'to' | 'tile'>,
): Promise<Uint8Array[]> {
  const first = Math.floor(index / tileWidth);
  const count = Math.min(tilesAtOnce, Math.ceil(to.size / tileWidth) - first);
  const tiles = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const width = Math.min(tileWidth, to.size - (first + i) * tileWidth);
      return parseTile(await tile(0, first + i, width), width);
    }),
  );
  return tiles.flat().slice(index - first * tileWidth);
}

function assertRoot(edge: TreeEdge, { root }: Head): void {
  if (!equalBytes(edgeRoot(edge), root)) throw new RecourseError('ledger-invalid');
}
