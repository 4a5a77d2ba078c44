import { z } from 'zod';
import { openArtefact, type OpenedArtefact } from './artefact.ts';
import type { Entry } from './entries/index.ts';
import { hashText } from './hash.ts';
import type { PublicJwk } from './jwk.ts';
import type { Verifier } from './jws.ts';
import { b64u32, fromNumericDate, numericDate, toTimestamp } from './schemas.ts';

/** The lists of prefixes. There is one, and every member reads it. */
export const prefixLists = ['all'] as const;
export type PrefixList = (typeof prefixLists)[number];

/** Seconds after `asOf` in which a set still tells that there is no record. */
export const freshSetSeconds = 600;

/**
 * `recourse-set+jwt`: the registry's word, by its `set` key, for one version of a set of token prefixes. Its hash is in
 * the ledger, so no member is given a list of its own.
 */
export const prefixSetSchema = z.strictObject({
  list: z.enum(prefixLists),
  epoch: z.int().min(1).max(0xffff_ffff),
  /** Only ever rises */
  version: z.int().min(1),
  /** Width of the prefixes */
  bits: z.int().min(1).max(32),
  /** Prefixes in the set: distinct ones */
  count: z.int().min(0),
  /** Checksum of the set: SHA-256 of "recourse/prefixes/1" || bits, one byte || each prefix ascending, four bytes */
  sha256: b64u32,
  /** The set holds what was recorded, or ended, by then */
  asOf: numericDate,
});
export type PrefixSetHeader = z.infer<typeof prefixSetSchema>;

/**
 * Opens the header of a set with a key that the registry announced for `set`.
 * @throws ProtocolError with the first check that failed
 */
export const openPrefixSet = (
  compact: string,
  by: { readonly jwk: PublicJwk; readonly verify?: Verifier | undefined },
): Promise<OpenedArtefact<PrefixSetHeader>> =>
  openArtefact(compact, { typ: 'recourse-set+jwt', schema: prefixSetSchema, ...by });

/** The public `prefix-set` entry of a header, as the ledger has it. Every reader derives the same one. */
export function prefixSetEntry({ jws, payload }: OpenedArtefact<PrefixSetHeader>): Entry {
  const { list, epoch, version, asOf } = payload;
  return {
    v: 1,
    type: 'prefix-set',
    at: toTimestamp(fromNumericDate(asOf)),
    detail: { list, epoch, version, hash: hashText(jws.compact) },
  };
}
