import {
  LedgerError,
  verifyTlogProof,
  type VerifiedTlogProof,
  type VerifierKey,
} from '@recourse/ledger';
import { LedgerRefusal } from './ledger-refusal.ts';

/** Offline: that the ledger of this key has the entry. @throws LedgerRefusal `checkpoint-invalid`, `proof-invalid` */
export async function checkProof(
  proof: Uint8Array,
  { leaf, key }: { leaf: Uint8Array; key: VerifierKey },
): Promise<VerifiedTlogProof> {
  try {
    const policy = { log: key, witnesses: [], threshold: 0 };
    return await verifyTlogProof(proof, { leaf, policy });
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    const code = ofCheckpoint.has(cause.code) ? 'checkpoint-invalid' : 'proof-invalid';
    throw new LedgerRefusal(code, 'proof', { cause });
  }
}

const ofCheckpoint: ReadonlySet<string> = new Set([
  'note-malformed',
  'checkpoint-malformed',
  'signature-invalid',
  'signature-missing',
  'origin-mismatch',
]);
