import {
  LedgerError,
  verifyTlogProof,
  type VerifiedTlogProof,
  type WitnessPolicy,
} from '@recourse/ledger';
import { LedgerRefusal } from './ledger-refusal.ts';
import { causeOf } from './open-note.ts';

/**
 * Offline: that the ledger of this policy has the entry.
 * @throws LedgerRefusal `checkpoint-invalid`, `witnesses-missing`, `proof-invalid`
 */
export async function checkProof(
  proof: Uint8Array,
  of: { leaf: Uint8Array; policy: WitnessPolicy },
): Promise<VerifiedTlogProof> {
  try {
    return await verifyTlogProof(proof, of);
  } catch (cause) {
    if (!(cause instanceof LedgerError)) throw cause;
    const code = ofCheckpoint.has(cause.code) ? causeOf(cause) : 'proof-invalid';
    throw new LedgerRefusal(code, 'proof', { cause });
  }
}

const ofCheckpoint: ReadonlySet<string> = new Set([
  'note-malformed',
  'checkpoint-malformed',
  'signature-invalid',
  'signature-missing',
  'origin-mismatch',
  'policy-invalid',
  'witnesses-missing',
]);
