import { fromBase64, toBase64 } from './bytes.ts';
import { LedgerError } from './errors.ts';
import { assertHash } from './merkle.ts';
import { assertSize, parseDecimal } from './size.ts';
import { isLine } from './text.ts';

/** The head of a log: its tree at one size (tlog-checkpoint, "Note text"). */
export interface Checkpoint {
  /** Identity of the log, such as `example.com/log`; one line */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes */
  readonly root: Uint8Array;
  /** Further lines, none empty. They mean nothing to an auditor, and are signed all the same */
  readonly extensions: readonly string[];
}

/**
 * Reads origin, size and root, a line each, then extension lines. The text of a note is attacker-controlled until the
 * note is verified.
 * @throws LedgerError `checkpoint-malformed`, or `size-invalid` for a size beyond 2^53 - 1
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.pop() !== '' || !lines.every(isLine)) {
    throw new LedgerError('checkpoint-malformed', 'an empty line, or no newline at the end');
  }
  const [origin, size, base64, ...extensions] = lines;
  if (origin === undefined || size === undefined || base64 === undefined) {
    throw new LedgerError('checkpoint-malformed', 'less than three lines');
  }
  const root = fromBase64(base64);
  if (root?.length !== 32) throw new LedgerError('checkpoint-malformed', 'not a root');
  return { origin, size: parseDecimal(size, 'checkpoint-malformed'), root, extensions };
}

/**
 * The text of a checkpoint, to be signed with `signNote`.
 * @throws LedgerError `checkpoint-malformed` or `size-invalid`
 */
export function encodeCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  assertSize(size);
  assertHash(root, 'checkpoint-malformed');
  if (![origin, ...extensions].every(isLine)) {
    throw new LedgerError('checkpoint-malformed', 'origin and extensions are one line each');
  }
  return [origin, size, toBase64(root), ...extensions].map((line) => `${line}\n`).join('');
}
