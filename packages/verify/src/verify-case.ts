import type { VerifiedTlogProof, WitnessPolicy } from '@recourse/ledger';
import {
  entryLeafHash,
  ProtocolError,
  toBase64url,
  utf8,
  verifyOpening,
  type Opening,
} from '@recourse/protocol';
import { verifyProof } from './checkpoint.ts';
import { VerifyError } from './errors.ts';
import { readAhead } from './read-entries.ts';
import { caseLife, type CaseLife, type PlacedOpening } from './case-life.ts';
import type { CaseReceipt } from './case-receipt.ts';

/** A case whose entries are all in the ledger. */
export interface VerifiedCase extends CaseLife {
  /** In the order of the ledger */
  readonly entries: readonly PlacedOpening[];
  /** Size of the newest tree that a proof is under */
  readonly size: number;
  /** Proofs by leaf hash, base64url */
  readonly proofs: ReadonlyMap<string, Uint8Array>;
}

/**
 * Verifies that the receipt opens every entry of a case, that the ledger has them, and that together they are the life
 * that the receipt tells.
 *
 * A claimant cannot know whether a change lists everybody who was told. `verifyLedger` checks over the whole log that
 * each recall is of something disclosed.
 * @param of `fetchProof` gets proofs that the receipt does not carry
 * @throws VerifyError `opening-invalid`, `entry-unproven`, and the errors of `verifyProof` and `caseLife`
 */
export async function verifyCase(
  receipt: CaseReceipt,
  options: {
    policy: WitnessPolicy;
    fetchProof: (leaf: string) => Promise<Uint8Array | undefined>;
  },
): Promise<VerifiedCase> {
  for (const [i, opening] of receipt.openings.entries()) assertOpens(opening, { i, receipt });
  const proofs = new Map<string, Uint8Array>();
  const placed: PlacedOpening[] = [];
  let size = 0;
  const read = async (opening: Opening) => {
    const leaf = entryLeafHash(opening.entry);
    const name = toBase64url(leaf);
    const stored = receipt.proofs[name];
    const proof = stored === undefined ? await options.fetchProof(name) : utf8(stored);
    if (proof === undefined) throw new VerifyError('entry-unproven', name);
    const place: VerifiedTlogProof = await verifyProof(proof, { leaf, policy: options.policy });
    return { opening, proof, name, ...place };
  };
  for await (const opened of readAhead(receipt.openings, read)) {
    const { opening, index, name, proof, checkpoint } = opened;
    proofs.set(name, proof);
    placed.push({ index, opening });
    size = Math.max(size, checkpoint.size);
  }
  placed.sort((a, b) => a.index - b.index);
  return { entries: placed, size, proofs, ...caseLife(placed, receipt) };
}

/** Asserts that an opening is of this sanction: entries of another one would tell another life. */
function assertOpens(opening: Opening, { i, receipt }: { i: number; receipt: CaseReceipt }): void {
  try {
    verifyOpening(opening);
    if ('detail' in opening.entry || opening.sanction === receipt.sanction) return;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  throw new VerifyError('opening-invalid', `opening/${i}`);
}
