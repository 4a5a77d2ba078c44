import { leafHash, merkleTree, verifyInclusion } from '@recourse/ledger';
import { z } from 'zod';
import { openArtefact } from './artefact.ts';
import { concatBytes, fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { entryLeafHash, type Entry } from './entries/index.ts';
import { ProtocolError } from './errors.ts';
import { jcs } from './json.ts';
import type { PublicJwk } from './jwk.ts';
import { signCompact, type Signer, type Verifier } from './jws.ts';
import { b64u32, fromNumericDate, numericDate, toTimestamp } from './schemas.ts';

/** Seconds within which the `calls` entry of a receipt is in the ledger: the maximum merge delay. */
export const maximumMergeDelay = 60;

/** The statement of a receipt about one call (its Merkle leaf, as JCS). */
export interface ReceiptLeaf {
  readonly v: 1;
  readonly iss: string;
  readonly jti: string;
  readonly op: string;
  /** H(call) and H(body) */
  readonly req: string;
  readonly res: string;
  readonly status: number;
  /** NumericDate, as in the group JWS */
  readonly at: number;
  readonly changes?: { readonly count: number; readonly root: string } | undefined;
}

/** The payload of `recourse-receipt+jwt`: a signed group of calls. */
export const receiptGroupSchema = z.strictObject({
  iss: z.string(),
  iat: numericDate,
  at: numericDate,
  count: z.int().min(1),
  root: b64u32,
  entry: b64u32,
  // A registry cannot promise to be late. One that recovers promises nothing: the entry comes when that is over.
  mmd: z.int().min(1).max(maximumMergeDelay).optional(),
});
export type ReceiptGroup = z.infer<typeof receiptGroupSchema>;

/** One group commit before its signature: the `calls` entry for the ledger, and a path per leaf. */
export interface SealedGroup {
  readonly entry: Entry;
  readonly payload: ReceiptGroup;
  /** `<index>.<path>.` of each leaf, in order */
  readonly prefixes: readonly string[];
}

/** Builds the tree of a group of calls, its `calls` entry and its payload. Sign it with `signGroup`. */
export function sealGroup(
  leaves: readonly ReceiptLeaf[],
  group: { issuer: string; at: number; isPromised: boolean },
): SealedGroup {
  const hashes = leaves.map(receiptLeafHash);
  const tree = merkleTree(hashes);
  const root = toBase64url(tree.root);
  const entry = callsEntry({ at: group.at, count: leaves.length, root });
  return {
    entry,
    payload: {
      iss: group.issuer,
      iat: group.at,
      at: group.at,
      count: leaves.length,
      root,
      entry: toBase64url(entryLeafHash(entry)),
      ...(group.isPromised ? { mmd: maximumMergeDelay } : {}),
    },
    prefixes: tree.proofs.map((proof, index) => `${index}.${toBase64url(concatBytes(...proof))}.`),
  };
}

/** The receipt headers of a sealed group: one signature covers all of them. */
export async function signGroup(signer: Signer, group: SealedGroup): Promise<string[]> {
  const jws = await signCompact(signer, 'recourse-receipt+jwt', group.payload);
  return group.prefixes.map((prefix) => prefix + jws);
}

/** A receipt that holds, with the leaf that it proves. */
export interface VerifiedReceipt extends ReceiptGroup {
  readonly header: string;
  readonly leaf: ReceiptLeaf;
}

/**
 * Verifies a `Recourse-Receipt` header against the call that was sent and the answer that came. The header and the
 * answer are attacker-controlled: a registry that answers two ways must sign both.
 * @throws ProtocolError `receipt-malformed`, `receipt-mismatch`, and the errors of {@link openArtefact}
 */
export async function verifyReceipt(
  header: string,
  expected: {
    leaf: Omit<ReceiptLeaf, 'at' | 'v'>;
    issuer: string;
    jwk: PublicJwk;
    verify?: Verifier;
  },
): Promise<VerifiedReceipt> {
  const { index, path, jws } = splitReceipt(header);
  const payload = await openReceiptGroup(jws, expected);
  const leaf: ReceiptLeaf = { v: 1, ...expected.leaf, at: payload.at };
  try {
    verifyInclusion({
      index,
      size: payload.count,
      leaf: receiptLeafHash(leaf),
      proof: path,
      root: fromBase64url(payload.root),
    });
  } catch (cause) {
    throw new ProtocolError('receipt-mismatch', 'this call and this answer are not in it', {
      cause,
    });
  }
  return { ...payload, header, leaf };
}

/**
 * Opens the group JWS of a receipt, by which the registry promised an entry of its log. It names no call.
 * @throws ProtocolError `receipt-mismatch`, and the errors of {@link openArtefact}
 */
export async function openReceiptGroup(
  jws: string,
  expected: { issuer: string; jwk: PublicJwk; verify?: Verifier },
): Promise<ReceiptGroup> {
  const { payload } = await openArtefact(jws, {
    typ: 'recourse-receipt+jwt',
    schema: receiptGroupSchema,
    jwk: expected.jwk,
    verify: expected.verify,
  });
  if (payload.iss !== expected.issuer) throw new ProtocolError('receipt-mismatch', 'issuer');
  if (toBase64url(entryLeafHash(callsEntry(payload))) !== payload.entry) {
    throw new ProtocolError('receipt-mismatch', 'ledger entry');
  }
  return payload;
}

/** The group JWS in a `Recourse-Receipt` header. @throws ProtocolError `receipt-malformed` */
export const receiptGroupOf = (header: string): string => splitReceipt(header).jws;

function splitReceipt(header: string): { index: number; path: Uint8Array[]; jws: string } {
  const match = /^(0|[1-9]\d{0,8})\.([A-Za-z0-9_-]*)\.(.+)$/.exec(header);
  const [, index, path, jws] = match ?? [];
  if (index === undefined || path === undefined || jws === undefined) {
    throw new ProtocolError('receipt-malformed', 'not index, path and group');
  }
  const bytes = fromBase64url(path);
  if (bytes.length % 32 !== 0) throw new ProtocolError('receipt-malformed', 'path length');
  const hashes = Array.from({ length: bytes.length / 32 }, (_, i) =>
    bytes.slice(i * 32, i * 32 + 32),
  );
  return { index: Number(index), path: hashes, jws };
}

const receiptLeafHash = (leaf: ReceiptLeaf): Uint8Array => leafHash(utf8(jcs(leaf)));

/** The `calls` entry of a group, as the ledger has it. */
export function callsEntry(group: { at: number; count: number; root: string }): Entry {
  const at = toTimestamp(fromNumericDate(group.at));
  return { v: 1, type: 'calls', at, count: group.count, root: group.root };
}
