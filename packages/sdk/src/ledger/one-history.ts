import {
  consistencyProofFromTiles,
  LedgerError,
  rootFromTiles,
  verifyConsistency,
} from '@recourse/ledger';
import { equalBytes, toBase64url, type LedgerEvidence } from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import type { LogFiles } from './log-files.ts';
import type { Head } from './ledger-store.ts';

/**
 * Checks that the smaller of two trees is the beginning of the larger one, by tiles from whoever serves them.
 * @throws RecourseError `ledger-forked` when the tiles are those of the larger tree, and the smaller is not in it;
 *   `ledger-invalid` when they prove nothing; `unavailable`
 */
export async function assertOneHistory(a: Head, b: Head, tile: LogFiles['tile']): Promise<void> {
  const [older, newer] = a.size <= b.size ? [a, b] : [b, a];
  if (older.size === newer.size && equalBytes(older.root, newer.root)) return;
  await failAs('ledger-invalid', async () => {
    const proof = await consistencyProofFromTiles({ oldSize: older.size, size: newer.size }, tile);
    const step = { oldSize: older.size, size: newer.size, root: newer.root, proof };
    if (isConsistent({ ...step, oldRoot: older.root })) return;
    const prefix = older.size === newer.size ? newer.root : await rootFromTiles(older.size, tile);
    // Of a false tile nothing follows: only what leads to the signed root of the larger tree is in it.
    verifyConsistency({ ...step, oldRoot: prefix });
    const notes: [string, string] = [older.note, newer.note];
    throw new RecourseError('ledger-forked', { evidence: forkOf(notes, { prefix, proof }) });
  });
}

const forkOf = (
  notes: [string, string],
  { prefix, proof }: { prefix: Uint8Array; proof: readonly Uint8Array[] },
): LedgerEvidence => ({
  v: 1,
  type: 'ledger-forked',
  notes,
  prefix: toBase64url(prefix),
  proof: proof.map(toBase64url),
});

function isConsistent(consistency: Parameters<typeof verifyConsistency>[0]): boolean {
  try {
    verifyConsistency(consistency);
    return true;
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'proof-mismatch') return false;
    throw error;
  }
}
