import { sha256 } from '@noble/hashes/sha2.js';
import { LedgerError, type LedgerErrorCode } from './errors.ts';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** RFC 6962, section 2.1: SHA-256(0x00 || data). 32 bytes. */
export const leafHash = (data: Uint8Array): Uint8Array =>
  sha256.create().update(leafPrefix).update(data).digest();

/** RFC 6962, section 2.1: SHA-256(0x01 || left || right). 32 bytes. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256.create().update(nodePrefix).update(left).update(right).digest();

/** Merkle tree hash of leaf hashes in order (RFC 6962, section 2.1); of no leaves, SHA-256 of nothing. */
export function merkleRoot(leafHashes: readonly Uint8Array[]): Uint8Array {
  return leafHashes.length === 0 ? sha256(new Uint8Array(0)) : subtree(leafHashes);
}

function subtree(leafHashes: readonly Uint8Array[]): Uint8Array {
  if (leafHashes.length === 1) return leafHashes[0]!;
  const split = splitPoint(leafHashes.length);
  return nodeHash(subtree(leafHashes.slice(0, split)), subtree(leafHashes.slice(split)));
}

/** The largest power of two smaller than `size`, for sizes above 1. */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** @throws LedgerError `code` unless 32 bytes */
export function assertHash(hash: Uint8Array, code: LedgerErrorCode): void {
  if (hash.length !== 32) throw new LedgerError(code, 'not a SHA-256 hash');
}
