import { leafHash, merkleRoot, type VerifierKey } from '@recourse/ledger';
import { z } from 'zod';
import { fromBase64url, toBase64url, utf8 } from '../bytes.ts';
import { ProtocolError } from '../errors.ts';
import { keyedHash, prefixedHash } from '../hash.ts';
import { jcs, type Json } from '../json.ts';
import type { PublicJwk } from '../jwk.ts';
import { b64u32, timestamp } from '../schemas.ts';
import { pairEntryTypes, publicEntryTypes, sanctionEntryTypes } from './types.ts';

const recallsSchema = z.strictObject({ count: z.int().min(0), root: b64u32 });
const common = { v: z.literal(1), at: timestamp };
/** An entry of the ledger, of one of four kinds (protocol, section 11). */
export const entrySchema = z.union([
  z.strictObject({
    ...common,
    type: z.enum(sanctionEntryTypes),
    ref: b64u32,
    digest: b64u32,
    cause: z.enum(['expired', 'early']).optional(),
    recalls: recallsSchema.optional(),
  }),
  z.strictObject({
    ...common,
    type: z.enum(pairEntryTypes),
    pair: b64u32,
    digest: b64u32,
    ack: b64u32.optional(),
  }),
  z.strictObject({
    ...common,
    type: z.enum(publicEntryTypes),
    detail: z.record(z.string(), z.json()),
  }),
  z.strictObject({ ...common, type: z.literal('calls'), count: z.int().min(1), root: b64u32 }),
]);
/** Identity of a registry's log, and the name of the key that signs its checkpoints: `<host>/ledger`. */
export const ledgerOrigin = (origin: string): string => `${new URL(origin).host}/ledger`;

/** The key of a registry's ledger as notes name it: only Ed25519 signs checkpoints. */
export const logVerifierKey = (
  origin: string,
  jwk: Extract<PublicJwk, { kty: 'OKP' }>,
): VerifierKey => ({
  name: ledgerOrigin(origin),
  type: 'ed25519',
  publicKey: fromBase64url(jwk.x),
});

/** One leaf of the ledger: the JCS bytes of this object. */
export type Entry = z.infer<typeof entrySchema>;

/** Opens an entry to the party that it names: the salts, and the detail that `digest` commits to. */
export const openingSchema = z.strictObject({
  entry: entrySchema,
  /** `snc_…` behind `ref`, with its salt */
  sanction: z.string().optional(),
  refSalt: b64u32.optional(),
  pairSalt: b64u32.optional(),
  party: z.string().optional(),
  entrySalt: b64u32.optional(),
  detail: z.record(z.string(), z.json()).optional(),
});
export type Opening = z.infer<typeof openingSchema>;

/** `ref` of an entry. `salt`: 32 bytes, base64url. */
export const sanctionRef = (salt: string, sanction: string): string =>
  prefixedHash('recourse/ref/1', fromBase64url(salt), utf8(sanction));

/** Ids have one length per kind, so the concatenation is unambiguous. */
export const disclosurePair = (
  salt: string,
  { sanction, party }: { sanction: string; party: string },
): string => prefixedHash('recourse/pair/1', fromBase64url(salt), utf8(sanction), utf8(party));

/** `digest` of an entry: HMAC-SHA-256 over the JCS of its detail. `salt`: 32 bytes, base64url. */
export const detailDigest = (salt: string, detail: Readonly<Record<string, Json>>): string =>
  keyedHash(fromBase64url(salt), utf8(jcs(detail)));

/** RFC 6962 leaf hash of an entry, 32 bytes. */
export const entryLeafHash = (entry: Entry): Uint8Array => leafHash(utf8(jcs(entry)));

/** RFC 6962 root over the entries one call caused. */
export const changesRoot = (entries: readonly Entry[]): string =>
  toBase64url(merkleRoot(entries.map(entryLeafHash)));

/** RFC 6962 root over the pairs an end owes a recall, in the order of their base64url text. */
export function recallsOwed(pairs: readonly string[]): { count: number; root: string } {
  const leaves = pairs.toSorted().map((pair) => leafHash(fromBase64url(pair)));
  return { count: pairs.length, root: toBase64url(merkleRoot(leaves)) };
}

/** An entry as its opening opens it: with its detail, whatever it is about. */
export const openedEntry = ({ entry, detail }: Opening): { type: string; detail?: unknown } => ({
  type: entry.type,
  detail: 'detail' in entry ? entry.detail : detail,
});

/**
 * Checks that an opening opens its entry.
 * @throws ProtocolError `opening-mismatch`
 */
export function verifyOpening(opening: Opening): void {
  const { entry } = opening;
  if ('ref' in entry && !opensRef(opening, entry.ref)) throw mismatch('ref');
  if ('pair' in entry && !opensPair(opening, entry.pair)) throw mismatch('pair');
  if ('digest' in entry && !opensDigest(opening, entry.digest)) throw mismatch('digest');
}

const opensRef = ({ refSalt, sanction }: Opening, ref: string): boolean =>
  given(refSalt) && given(sanction) && sanctionRef(refSalt, sanction) === ref;

const opensPair = ({ pairSalt, sanction, party }: Opening, pair: string): boolean =>
  given(pairSalt) &&
  given(sanction) &&
  given(party) &&
  disclosurePair(pairSalt, { sanction, party }) === pair;

const opensDigest = ({ entrySalt, detail }: Opening, digest: string): boolean =>
  given(entrySalt) && given(detail) && detailDigest(entrySalt, detail) === digest;

const given = <T>(value: T | undefined): value is T => value !== undefined;

const mismatch = (member: string): ProtocolError =>
  new ProtocolError('opening-mismatch', `${member} is not opened`);
