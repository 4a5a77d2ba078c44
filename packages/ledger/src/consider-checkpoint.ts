import type { AddCheckpoint } from './add-checkpoint.ts';
import { equalBytes } from './bytes.ts';
import { parseCheckpoint, type Checkpoint } from './checkpoint.ts';
import { verifyConsistency } from './consistency.ts';
import { LedgerError } from './errors.ts';
import { merkleRoot } from './merkle.ts';
import type { VerifierKey } from './verifier-key.ts';
import { verifyNote, type VerifyOptions } from './verify-note.ts';

/** A witness's state of one log. */
export interface WitnessedLog {
  readonly origin: string;
  /** Keys that it trusts for this origin, type `ed25519` */
  readonly keys: readonly VerifierKey[];
  /** The tree it cosigned last; absent before the first */
  readonly latest?: { readonly size: number; readonly root: Uint8Array };
}

/** A witness's decision. Only `accepted` may be cosigned. */
export type Consideration =
  /** Record it as the latest, then cosign `text` */
  | { readonly outcome: 'accepted'; readonly checkpoint: Checkpoint; readonly text: string }
  /** Answer with `size`, that of the latest tree */
  | { readonly outcome: 'conflict'; readonly size: number }
  | { readonly outcome: 'bad-proof' | 'bad-request' | 'bad-signature' | 'unknown-log' };

/** HTTP status of each outcome (tlog-witness, "add-checkpoint"). */
export const addCheckpointStatus: Record<Consideration['outcome'], number> = {
  accepted: 200,
  'bad-request': 400,
  'bad-signature': 403,
  'unknown-log': 404,
  conflict: 409,
  'bad-proof': 422,
};

/**
 * A witness's decision on a request. Nothing is recorded or signed here. Read `log`, decide and record in one
 * transaction, and cosign only afterwards: two requests at once would otherwise roll a log back.
 * @param log undefined for an origin that the witness does not know
 * @throws LedgerError for malformed keys, and for requests that `parseAddCheckpoint` refuses
 */
export async function considerCheckpoint(
  log: WitnessedLog | undefined,
  request: AddCheckpoint,
  options: VerifyOptions = {},
): Promise<Consideration> {
  if (log === undefined) return { outcome: 'unknown-log' };
  const text = await textSignedBy(log.keys, { note: request.note, options });
  if (text === undefined) return { outcome: 'bad-signature' };
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== log.origin) return { outcome: 'unknown-log' };
  const latest = log.latest ?? { size: 0, root: merkleRoot([]) };
  if (request.oldSize > checkpoint.size) return { outcome: 'bad-request' };
  if (request.oldSize !== latest.size) return { outcome: 'conflict', size: latest.size };
  if (checkpoint.size === latest.size && !equalBytes(checkpoint.root, latest.root)) {
    return { outcome: 'conflict', size: latest.size };
  }
  const { oldSize, proof } = request;
  const { size, root } = checkpoint;
  return isConsistent({ oldSize, oldRoot: latest.root, size, root, proof })
    ? { outcome: 'accepted', checkpoint, text }
    : { outcome: 'bad-proof' };
}

async function textSignedBy(
  keys: readonly VerifierKey[],
  { note, options }: { note: string; options: VerifyOptions },
): Promise<string | undefined> {
  try {
    return (await verifyNote(note, keys, options)).text;
  } catch (error) {
    if (hasCode(error, ['signature-invalid', 'signature-missing'])) return undefined;
    throw error;
  }
}

function isConsistent(consistency: Parameters<typeof verifyConsistency>[0]): boolean {
  try {
    verifyConsistency(consistency);
    return true;
  } catch (error) {
    if (hasCode(error, ['proof-malformed', 'proof-mismatch'])) return false;
    throw error;
  }
}

const hasCode = (error: unknown, codes: readonly LedgerError['code'][]) =>
  error instanceof LedgerError && codes.includes(error.code);
