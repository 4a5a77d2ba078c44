import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { hexToBytes } from '@noble/hashes/utils.js';
import {
  growTree,
  emptyEdge,
  leafHash,
  LedgerError,
  nodeHash,
  tilePath,
  type NoteSigner,
  type ReadTile,
  type SignatureType,
} from '../src/index.ts';

/** The code of what an action throws. Anything but a LedgerError is a fault, and fails the test. */
export async function codeOf(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

/** A signer whose secret is 32 bytes of `seed`. */
export function signerOf(name: string, type: SignatureType, seed: number): NoteSigner {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([prefix, Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return {
    key: { name, type, publicKey: Uint8Array.from(spki.subarray(-32)) },
    sign: (message) => Uint8Array.from(sign(null, message, secret)),
  };
}

/** The leaves of the Certificate Transparency test suite for RFC 6962. */
export const published = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((data) => leafHash(hexToBytes(data)));

const entryOf = (index: number): Uint8Array => new TextEncoder().encode(`entry ${index}`);

export const leavesOf = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, index) => leafHash(entryOf(index)));

/** Another algorithm for the same root: a binary counter of complete subtrees, folded from the right. */
export function stackRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const stack: Uint8Array[] = [];
  leaves.forEach((leaf, i) => {
    let hash = leaf;
    for (let n = i; n % 2 === 1; n = Math.floor(n / 2)) hash = nodeHash(stack.pop()!, hash);
    stack.push(hash);
  });
  return stack.reduceRight((right, left) => nodeHash(left, right));
}

/** Serves the tiles of one tree, and notes which were asked for. */
export function servedTree(leaves: readonly Uint8Array[]): { readTile: ReadTile; read: string[] } {
  const tiles = new Map(
    growTree(emptyEdge, leaves).tiles.map((tile) => [tilePath(tile), tile.bytes]),
  );
  const read: string[] = [];
  const readTile: ReadTile = (level, index, width) => {
    const path = tilePath({ level, index, width });
    read.push(path);
    const bytes = tiles.get(path);
    if (bytes === undefined) throw new Error(`no tile at ${path}`);
    return bytes;
  };
  return { readTile, read };
}

const uniformLeaf = leafHash(new Uint8Array(0));
/** Roots of 2^height equal leaves. */
const uniformRoots = [uniformLeaf];
for (let height = 1; height <= 53; height++) {
  const below = uniformRoots.at(-1)!;
  uniformRoots.push(nodeHash(below, below));
}

/** A tree of equal leaves: tiles and root of any size without the leaves. */
export const uniform = {
  leaf: uniformLeaf,
  root(size: number): Uint8Array {
    const peaks = uniformRoots.filter((_, height) => Math.floor(size / 2 ** height) % 2 === 1);
    return peaks.reduce((right, left) => nodeHash(left, right));
  },
  readTile: ((level, _index, width) =>
    Uint8Array.from(
      { length: width * 32 },
      (_, i) => uniformRoots[level * 8]![i % 32]!,
    )) satisfies ReadTile,
};

export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
