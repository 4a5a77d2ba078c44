import { fromBase64, toBase64 } from './bytes.ts';
import { LedgerError } from './errors.ts';
import { verifyInclusion } from './inclusion.ts';
import { encodeHashes, parseHashes, splitLines } from './proof-lines.ts';
import { assertSize, parseDecimal } from './size.ts';
import { decodeText } from './text.ts';
import type { VerifyOptions } from './verify-note.ts';
import {
  verifyCheckpoint,
  type WitnessedCheckpoint,
  type WitnessPolicy,
} from './witness-policy.ts';

const header = 'c2sp.org/tlog-proof@v1';

/**
 * A `.tlog-proof` file, unverified. It shows readers without a network that an entry is in a log (tlog-proof,
 * "Format").
 */
export interface TlogProof {
  /** 0-based place of the entry */
  readonly index: number;
  /** Audit path, at most 63 hashes of 32 bytes */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, as it is */
  readonly checkpoint: string;
  /** Not authenticated by anything in the file; absent rather than empty */
  readonly extra?: Uint8Array;
}

/**
 * Writes the header, `extra <base64>` if any, `index <N>`, a line for each hash, an empty line and the checkpoint.
 * @throws LedgerError `proof-malformed`, `size-invalid` or `too-large`
 */
export function encodeTlogProof({ index, proof, checkpoint, extra }: TlogProof): string {
  assertSize(index);
  if (extra?.length === 0) throw new LedgerError('proof-malformed', 'extra data is empty');
  const lines = [
    header,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...encodeHashes(proof, 'proof-malformed'),
  ];
  return decodeText(`${lines.join('\n')}\n\n${checkpoint}`, 'proof-malformed');
}

/**
 * Reads an attacker-controlled file. The checkpoint is not looked at.
 * @throws LedgerError `too-large`, `proof-malformed`, or `size-invalid` for an index beyond 2^53 - 1
 */
export function parseTlogProof(data: Uint8Array | string): TlogProof {
  const { lines, note } = splitLines(data, 'proof-malformed');
  const [first, ...rest] = lines;
  if (first !== header) throw new LedgerError('proof-malformed', 'not a proof file of version 1');
  const extra = after('extra ', rest[0]);
  const [indexLine, ...hashes] = extra === undefined ? rest : rest.slice(1);
  return {
    index: parseDecimal(after('index ', indexLine) ?? '', 'proof-malformed'),
    proof: parseHashes(hashes, 'proof-malformed'),
    checkpoint: note,
    ...(extra === undefined ? {} : { extra: parseExtra(extra) }),
  };
}

/** A proof that holds, with the place of the entry and the checkpoint that it is under. */
export interface VerifiedTlogProof extends WitnessedCheckpoint {
  readonly index: number;
}

/**
 * Checks offline that the log has the entry, and that enough witnesses cosigned its checkpoint.
 * @param expected.leaf hash of the entry, 32 bytes, made from the entry that the reader holds
 * @throws LedgerError `proof-mismatch` for another entry, and the errors of {@link parseTlogProof}, `verifyCheckpoint`
 *   and `verifyInclusion`
 */
export async function verifyTlogProof(
  data: Uint8Array | string,
  expected: { leaf: Uint8Array; policy: WitnessPolicy },
  options: VerifyOptions = {},
): Promise<VerifiedTlogProof> {
  const { index, proof, checkpoint: note } = parseTlogProof(data);
  const witnessed = await verifyCheckpoint(note, expected.policy, options);
  const { size, root } = witnessed.checkpoint;
  verifyInclusion({ index, size, leaf: expected.leaf, proof, root });
  return { ...witnessed, index };
}

const after = (word: string, line: string | undefined) =>
  line?.startsWith(word) === true ? line.slice(word.length) : undefined;

function parseExtra(base64: string): Uint8Array {
  const extra = fromBase64(base64);
  if (extra === undefined || extra.length === 0) {
    throw new LedgerError('proof-malformed', 'extra data is empty or not base64');
  }
  return extra;
}
