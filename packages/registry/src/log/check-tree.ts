import {
  leafHash,
  merkleRoot,
  parseTile,
  tileWidth,
  type Tile,
  type TreeEdge,
} from '@recourse/ledger';
import { equalBytes, utf8 } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import { readBundles, readTiles, tilesOf, type EntryRow } from './store.ts';
import { TreeGrowth } from './tree-growth.ts';

/** Where the ledger in the database is not what its own hashes say. */
export interface TreeFault {
  readonly code: 'entries-differ' | 'tiles-differ';
  /** `entry <index>`, `tile <level>/<index>`, or `state` */
  readonly place: string;
}

/** One step of the way: entries in order, what is wrong with them and their tiles, and roots that were asked for. */
export interface TreeStep {
  readonly first: number;
  /** None at a place whose row is not there */
  readonly entries: readonly (string | undefined)[];
  readonly faults: readonly TreeFault[];
  readonly roots: readonly { readonly size: number; readonly root: Uint8Array }[];
}

export interface TreeRange {
  readonly size: number;
  readonly root: Uint8Array;
  /** The edge of a whole number of bundles that were compared before: they are not read again */
  readonly from?: TreeEdge | undefined;
  /** Sizes whose roots are wanted; asked step by step */
  readonly marks?: Pick<ReadonlySet<number>, 'has'>;
  /** Bundles read at once */
  readonly bundles: number;
}

/**
 * Grows the tree of the first `size` entries anew and compares leaves, every tile of every level and the root with
 * the rows. What is below the state does not change, so that a server may do this while it goes on.
 *
 * Entries and tiles are in one database, and whoever owns it may change either. Where the two differ, the tile above
 * says which of them was changed.
 */
export async function* checkTree(db: Db, range: TreeRange): AsyncGenerator<TreeStep> {
  const growth = new TreeGrowth(range.from);
  const begin = growth.size / tileWidth;
  for (let bundle = begin; bundle * tileWidth < range.size; bundle += range.bundles) {
    const first = bundle * tileWidth;
    const end = Math.min(range.size, first + range.bundles * tileWidth);
    yield await checkStep(db, growth, { ...range, first, end });
  }
  const faults = await compareTiles(db, growth.partialTiles());
  if (!equalBytes(growth.root(), range.root)) faults.push({ code: 'tiles-differ', place: 'state' });
  yield { first: range.size, entries: [], faults, roots: [] };
}

interface Step extends TreeRange {
  readonly first: number;
  readonly end: number;
}

async function checkStep(db: Db, growth: TreeGrowth, step: Step): Promise<TreeStep> {
  const { first, end, marks } = step;
  const rows = new Map((await readBundles(db, { first, end })).map((row) => [row.index, row]));
  const tiles = await readTiles(db, { first: first / tileWidth, end: Math.ceil(end / tileWidth) });
  const entries: (string | undefined)[] = [];
  const faults: TreeFault[] = [];
  const roots: { size: number; root: Uint8Array }[] = [];
  const full: Tile[] = [];
  for (let begin = first; begin < end; begin += tileWidth) {
    const width = Math.min(tileWidth, end - begin);
    const bundle = Array.from({ length: width }, (_, i) => rows.get(begin + i));
    entries.push(...bundle.map((row) => row?.entry));
    const tile = tiles.get(begin / tileWidth)?.subarray(0, 32 * width);
    const isRight = (leaves: readonly Uint8Array[]): Promise<boolean> | boolean =>
      width === tileWidth
        ? isAbove(db, begin / tileWidth, leaves)
        : equalBytes(growth.rootWith(leaves), step.root);
    const settled = await settleBundle({ bundle, begin, tile, isRight });
    faults.push(...settled.faults);
    for (const leaf of settled.leaves) {
      full.push(...growth.push(leaf));
      if (marks?.has(growth.size)) roots.push({ size: growth.size, root: growth.root() });
    }
  }
  // Those of the leaves are compared above.
  faults.push(
    ...(await compareTiles(
      db,
      full.filter(({ level }) => level > 0),
    )),
  );
  return { first, entries, faults, roots };
}

interface Bundle {
  readonly bundle: readonly (EntryRow | undefined)[];
  readonly begin: number;
  readonly tile: Uint8Array | undefined;
  /** True where the tree goes on from these leaves */
  readonly isRight: (leaves: readonly Uint8Array[]) => Promise<boolean> | boolean;
}

/** The leaves of one bundle as they were, by entries or by tile, and what differs from them. */
async function settleBundle({
  bundle,
  begin,
  tile,
  isRight,
}: Bundle): Promise<{ leaves: readonly Uint8Array[]; faults: TreeFault[] }> {
  const hashes = bundle.map((row) => row && leafHash(utf8(row.entry)));
  const stored = tile?.length === 32 * bundle.length ? parseTile(tile, bundle.length) : undefined;
  const places = bundle.map((_, i) => i);
  const others = places.filter((i) => !isSame(hashes[i], stored?.[i]));
  const entryAt = (i: number): TreeFault => ofEntry(begin + i);
  if (others.length === 0) {
    const wrong = places.filter((i) => !isSame(bundle[i]?.leaf, hashes[i]));
    return { leaves: stored!, faults: wrong.map(entryAt) };
  }
  const whole = hashes.filter((hash) => hash !== undefined);
  const hasAll = whole.length === hashes.length;
  if (stored && !(hasAll && (await isRight(whole)))) {
    return { leaves: stored, faults: others.map(entryAt) };
  }
  const lost = places.filter((i) => hashes[i] === undefined);
  const leaves = hashes.map((hash) => hash ?? new Uint8Array(32));
  return {
    leaves,
    faults: [ofTile({ level: 0, index: begin / tileWidth }), ...lost.map(entryAt)],
  };
}

const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && equalBytes(a, b);

/** True where these are the leaves that the tile above was made of. */
async function isAbove(db: Db, index: number, leaves: readonly Uint8Array[]): Promise<boolean> {
  const place = index % tileWidth;
  const above = await tilesOf(db)(1, Math.floor(index / tileWidth), place + 1);
  return equalBytes(above.subarray(32 * place), merkleRoot(leaves));
}

async function compareTiles(db: Db, tiles: readonly Tile[]): Promise<TreeFault[]> {
  const faults: TreeFault[] = [];
  for (const tile of tiles) {
    const stored = await tilesOf(db)(tile.level, tile.index, tile.width);
    if (!equalBytes(stored, tile.bytes)) faults.push(ofTile(tile));
  }
  return faults;
}

const ofEntry = (index: number): TreeFault => ({ code: 'entries-differ', place: `entry ${index}` });

const ofTile = ({ level, index }: Pick<Tile, 'level' | 'index'>): TreeFault => ({
  code: 'tiles-differ',
  place: `tile ${level}/${index}`,
});
