import {
  LedgerError,
  onlySignaturesOf,
  unwitnessed,
  type VerifierKey,
  verifyCheckpoint,
} from '@recourse/ledger';
import { equalBytes, fromUtf8, ProtocolError } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { readState } from '../../log/store.ts';
import { SignedCopy, type LogCopy, type SignedNote } from './log-copy.ts';
import { RecoveryRefusal } from './recovery-refusal.ts';
import { openRecovery } from '../../log/recovery-store.ts';

/**
 * The copy, if it is what was signed: by the log key, as far as the checkpoints that are kept outside the database, and
 * from the very log that the database has. The copy comes from anybody, who may serve another log, an older one, or
 * one that was made up: nothing of it is written before it agrees with both.
 * @throws RecoveryRefusal
 */
export async function openCopy(
  db: Db,
  { copy, log, outside }: { copy: LogCopy; log: VerifierKey; outside: readonly string[] },
): Promise<SignedCopy> {
  if (outside.length === 0) throw new RecoveryRefusal('checkpoint-missing');
  const kept = await Promise.all(
    outside.map((note) => openNote(note, { log, refusal: 'checkpoint-invalid' })),
  );
  const served = await copy.checkpoint();
  if (!served) throw new RecoveryRefusal('copy-incomplete');
  const signed = await openNote(served, { log, refusal: 'copy-of-another-log' });
  const isBeyond = ({ checkpoint }: SignedNote): boolean =>
    checkpoint.size > signed.checkpoint.size;
  if (kept.some(isBeyond)) throw new RecoveryRefusal('copy-short');
  const opened = await SignedCopy.open(copy, signed);
  for (const { checkpoint } of kept) {
    const root = await opened.rootAt(checkpoint.size);
    if (!equalBytes(root, checkpoint.root)) throw new RecoveryRefusal('copy-forked');
  }
  await assertExtends(db, opened);
  return opened;
}

/** Another run may have brought the database as far as this copy goes, and no further. */
async function assertExtends(db: Db, copy: SignedCopy): Promise<void> {
  const { size, root } = await readState(db);
  const behind = copy.checkpoint.size - size;
  if (behind < 0) throw new RecoveryRefusal('copy-short');
  if (!equalBytes(await copy.rootAt(size), root)) throw new RecoveryRefusal('database-forked');
  if (behind === 0 && !(await openRecovery(db))) throw new RecoveryRefusal('not-needed');
}

async function openNote(
  from: Uint8Array | string,
  { log, refusal }: { log: VerifierKey; refusal: 'checkpoint-invalid' | 'copy-of-another-log' },
): Promise<SignedNote> {
  try {
    const note = typeof from === 'string' ? from : fromUtf8(from);
    const { checkpoint } = await verifyCheckpoint(note, unwitnessed(log));
    return { note: onlySignaturesOf([log], note), checkpoint };
  } catch (cause) {
    const isInvalid = cause instanceof LedgerError || cause instanceof ProtocolError;
    throw isInvalid ? new RecoveryRefusal(refusal, { cause }) : cause;
  }
}
