import {
  edgeRoot,
  emptyEdge,
  growTree,
  leafHash,
  merkleRoot,
  newTiles,
  tileWidth,
  type Tile,
} from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { TreeGrowth } from './tree-growth.ts';

const leaves = Array.from({ length: 2 * tileWidth ** 2 + 300 }, (_, i) =>
  leafHash(utf8(String(i))),
);

const idOf = ({ level, index, width }: Omit<Tile, 'bytes'>): string => `${level}/${index}/${width}`;

test('its roots are those of RFC 6962 at every size around full tiles', () => {
  const growth = new TreeGrowth();
  expect(growth.root()).toEqual(merkleRoot([]));
  for (const [i, leaf] of leaves.slice(0, 530).entries()) {
    const next = leaves.slice(i, i + 3);
    expect(growth.rootWith(next)).toEqual(merkleRoot(leaves.slice(0, i + 3)));
    growth.push(leaf);
    expect(growth.size).toBe(i + 1);
    expect(growth.root()).toEqual(merkleRoot(leaves.slice(0, i + 1)));
  }
});

test('its tiles are those of a tree that grew at once, of every level', () => {
  const growth = new TreeGrowth();
  const tiles = [...leaves.flatMap((leaf) => growth.push(leaf)), ...growth.partialTiles()];
  const grown = growTree(emptyEdge, leaves);
  const byId = (list: readonly Tile[]) =>
    new Map(list.map(({ bytes, ...id }) => [idOf(id), Buffer.from(bytes).toString('base64')]));
  expect(new Set(byId(tiles).keys())).toEqual(new Set([...newTiles(0, leaves.length)].map(idOf)));
  expect(byId(tiles)).toEqual(byId(grown.tiles));
  expect(growth.root()).toEqual(edgeRoot(grown.edge));
});

test('it goes on from the edge of any number of full bundles as if it had grown from nothing', () => {
  for (const bundles of [1, 3, 255, 256, 258]) {
    const before = leaves.slice(0, bundles * tileWidth);
    const after = leaves.slice(before.length, before.length + 700);
    const growth = new TreeGrowth(growTree(emptyEdge, before).edge);
    const tiles = [...after.flatMap((leaf) => growth.push(leaf)), ...growth.partialTiles()];
    const whole = new TreeGrowth();
    const all = [
      ...[...before, ...after].flatMap((leaf) => whole.push(leaf)),
      ...whole.partialTiles(),
    ];
    expect(growth.root()).toEqual(whole.root());
    const made = new Set(all.map(idOf));
    expect(tiles.filter((tile) => !made.has(idOf(tile)))).toEqual([]);
    const bytes = new Map(all.map((tile) => [idOf(tile), tile.bytes]));
    for (const tile of tiles) expect(tile.bytes).toEqual(bytes.get(idOf(tile)));
  }
});
