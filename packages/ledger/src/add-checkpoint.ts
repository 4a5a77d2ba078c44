import { parseCheckpoint, type Checkpoint } from './checkpoint.ts';
import { LedgerError } from './errors.ts';
import { parseNote } from './note.ts';
import { encodeHashes, parseHashes, splitLines } from './proof-lines.ts';
import { assertSize, parseDecimal } from './size.ts';
import { decodeText } from './text.ts';

/** The body of `POST add-checkpoint`, by which a log asks a witness to cosign (tlog-witness, "add-checkpoint"). */
export interface AddCheckpoint {
  /** Size that the witness is believed to have cosigned last, 0 for none */
  readonly oldSize: number;
  /** Consistency proof from there, at most 63 hashes of 32 bytes */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, as it is */
  readonly note: string;
}

/**
 * Writes the body: `old <N>`, a line for each hash, an empty line and the checkpoint.
 * @throws LedgerError `request-malformed`, `size-invalid` or `too-large`
 */
export function encodeAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  assertSize(oldSize);
  const lines = [`old ${oldSize}`, ...encodeHashes(proof, 'request-malformed')];
  return decodeText(`${lines.join('\n')}\n\n${note}`, 'request-malformed');
}

/**
 * Reads an attacker-controlled body. Only the signature in the note authenticates it, and it is not checked here. Look
 * the state up by `checkpoint`. Answer an error with 400.
 * @throws LedgerError `too-large`, `request-malformed`, `note-malformed`, `checkpoint-malformed` or `size-invalid`
 */
export function parseAddCheckpoint(
  data: Uint8Array | string,
): AddCheckpoint & { readonly checkpoint: Checkpoint } {
  const { lines, note } = splitLines(data, 'request-malformed');
  const [first = '', ...hashes] = lines;
  if (!first.startsWith('old ')) throw new LedgerError('request-malformed', 'no old size');
  return {
    oldSize: parseDecimal(first.slice('old '.length), 'request-malformed'),
    proof: parseHashes(hashes, 'request-malformed'),
    note,
    checkpoint: parseCheckpoint(parseNote(note).text),
  };
}
