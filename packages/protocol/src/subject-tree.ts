import { inclusionProof, leafHash, merkleRoot, verifyInclusion } from '@recourse/ledger';
import { z } from 'zod';
import { concatBytes, fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { ProtocolError } from './errors.ts';
import { prefixedHash } from './hash.ts';
import { identifierKinds } from './identifiers/kinds.ts';
import { b64u32, numericDate } from './schemas.ts';

/** Leaves of every subject tree: a statement does not tell how many identifiers it is about. */
export const subjectLeaves = 8;

/** How the submitter proved that the creator controls an identifier. */
export const controls = ['otp', 'payment', 'dns', 'signature', 'kyc'] as const;
export type Control = (typeof controls)[number];

/** One identifier of a record, as a submission opens it. */
export const subjectSchema = z.strictObject({
  index: z
    .int()
    .min(0)
    .max(subjectLeaves - 1),
  epoch: z.int().min(1).max(0xffff_ffff),
  kind: z.enum(identifierKinds),
  control: z.enum(controls),
  provenAt: numericDate,
  salt: b64u32,
  token: b64u32,
});
/** One identifier of one sanction, opened: the preimage of a leaf of the subject tree. */
export type Subject = z.infer<typeof subjectSchema>;

/** A leaf of the subject tree without its token, with the three hashes of its path. */
export const subjectPathSchema = z.strictObject({
  ...subjectSchema.omit({ token: true }).shape,
  path: z.array(b64u32).length(3),
});
/** A match discloses this of the subject tree: one leaf without its token, which the asker has, and the leaf's path. */
export type SubjectPath = z.infer<typeof subjectPathSchema>;

/**
 * H("recourse/subject/1" || epoch || kind || control || provenAt || salt || token) of protocol section 5,
 * with epoch as 4 bytes and provenAt as 8 (big-endian), kind and control each behind a length byte.
 */
export function subjectCommitment(subject: Omit<Subject, 'index'>): string {
  const numbers = new DataView(new ArrayBuffer(12));
  numbers.setUint32(0, subject.epoch);
  numbers.setBigUint64(4, BigInt(subject.provenAt));
  const bytes = new Uint8Array(numbers.buffer);
  return prefixedHash(
    'recourse/subject/1',
    bytes.subarray(0, 4),
    lengthPrefixed(subject.kind),
    lengthPrefixed(subject.control),
    bytes.subarray(4),
    fromBase64url(subject.salt),
    fromBase64url(subject.token),
  );
}

/** The eight leaf commitments: `padding` fills, in order, the places that no subject has. */
export function subjectCommitments(
  subjects: readonly Subject[],
  padding: readonly string[],
): string[] {
  const leaves = Array.from<string | undefined>({ length: subjectLeaves });
  for (const subject of subjects) {
    const isFree = Object.hasOwn(leaves, subject.index) && leaves[subject.index] === undefined;
    if (!isFree) throw mismatch('place of a subject');
    leaves[subject.index] = subjectCommitment(subject);
  }
  const rest = [...padding];
  const filled = leaves.flatMap((leaf) => leaf ?? rest.shift() ?? []);
  if (rest.length > 0 || filled.length !== subjectLeaves) throw mismatch('padding');
  return filled;
}

/** RFC 6962 root over the eight commitments. */
export const subjectsRoot = (commitments: readonly string[]): string =>
  toBase64url(merkleRoot(hashed(commitments)));

/** The audit path of one place, three hashes as base64url. */
export const subjectPath = (commitments: readonly string[], index: number): string[] =>
  inclusionProof(hashed(commitments), index).map(toBase64url);

/**
 * Checks that a disclosed leaf with the matcher's own token is in the tree the submitter signed.
 * @throws ProtocolError `commitment-mismatch`
 */
export function verifySubject(leaf: SubjectPath, expected: { token: string; root: string }): void {
  const commitment = subjectCommitment({ ...leaf, token: expected.token });
  try {
    verifyInclusion({
      index: leaf.index,
      size: subjectLeaves,
      leaf: leafHash(fromBase64url(commitment)),
      proof: leaf.path.map(fromBase64url),
      root: fromBase64url(expected.root),
    });
  } catch (cause) {
    throw new ProtocolError('commitment-mismatch', 'the token is not in the statement', { cause });
  }
}

const hashed = (commitments: readonly string[]): Uint8Array[] =>
  commitments.map((commitment) => leafHash(fromBase64url(commitment)));

function lengthPrefixed(text: string): Uint8Array {
  const bytes = utf8(text);
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

const mismatch = (why: string): ProtocolError => new ProtocolError('commitment-mismatch', why);
