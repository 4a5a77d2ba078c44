import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  edgeRoot,
  emptyEdge,
  encodeEntryBundle,
  encodeTile,
  growTree,
  leafHash,
  tilePath,
  tileWidth,
  type TilePath,
  type TreeEdge,
} from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';

interface LogWriting {
  readonly folder: string;
  /** Bundles of 256 entries each, but the last one */
  readonly bundles: AsyncIterable<readonly string[]>;
  /** Files are written of so many entries, as the checkpoint of this size lets readers ask for them */
  readonly signed: number;
  /** Sizes whose roots are wanted */
  readonly marks: ReadonlySet<number>;
}

/**
 * Writes the files of a log as C2SP tlog-tiles has them, each made of the entries anew.
 * @returns what the root was at each wanted size
 */
export async function writeLog(writing: LogWriting): Promise<ReadonlyMap<number, Uint8Array>> {
  const roots = new Map<number, Uint8Array>();
  const { folder, signed, bundles } = writing;
  const cuts = new Set([...writing.marks, signed]);
  let edge: TreeEdge = emptyEdge;
  if (cuts.has(0)) roots.set(0, edgeRoot(edge));
  for await (const bundle of bundles) {
    const first = edge.size;
    for (const end of endsIn(first, { count: bundle.length, cuts })) {
      const part = bundle.slice(edge.size - first, end - first);
      const grown = growTree(
        edge,
        part.map((entry) => leafHash(utf8(entry))),
      );
      edge = grown.edge;
      if (cuts.has(edge.size)) roots.set(edge.size, edgeRoot(edge));
      const full = grown.tiles.filter(({ width }) => width === tileWidth);
      for (const tile of full.filter((one) => endOf(one) <= signed)) await put(folder, tile);
      if (edge.size === signed) await putEdge(folder, edge);
    }
    const width = Math.min(bundle.length, signed - first);
    const bytes = width > 0 && encodeEntryBundle(bundle.slice(0, width).map(utf8));
    if (bytes) await put(folder, { level: 'entries', index: first / tileWidth, width, bytes });
  }
  return roots;
}

/** Where the tree is looked at within a bundle, and its end. */
const endsIn = (first: number, { count, cuts }: { count: number; cuts: ReadonlySet<number> }) =>
  [...cuts]
    .filter((cut) => cut > first && cut < first + count)
    .toSorted((a, b) => a - b)
    .concat(first + count);

/** How many entries a tree has at least that has this tile. */
const endOf = ({ level, index }: { level: number; index: number }): number =>
  (index + 1) * tileWidth ** (level + 1);

async function putEdge(folder: string, { size, rows }: TreeEdge): Promise<void> {
  for (const [level, row] of rows.entries()) {
    if (row.length === 0) continue;
    const index = Math.floor(size / tileWidth ** (level + 1));
    await put(folder, { level, index, width: row.length, bytes: encodeTile(row) });
  }
}

async function put(
  folder: string,
  { bytes, ...of }: TilePath & { readonly bytes: Uint8Array },
): Promise<void> {
  const path = join(folder, tilePath(of));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
