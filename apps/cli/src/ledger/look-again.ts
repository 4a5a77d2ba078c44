import type { Entry } from '@recourse/protocol';
import type { LedgerState } from './state-file.ts';
import { verifyLedger, type VerifiedLedger, type Verifying } from './verify-ledger.ts';

export interface Look {
  readonly verified: VerifiedLedger;
  /** What is new since the last look, in order; none at the first, which reads everything */
  readonly entries: readonly { readonly index: number; readonly entry: Entry }[];
}

/**
 * Verifies what came since the last look by the rules of `verifyLedger`. An entry is told once all of it is what was
 * signed.
 * @throws LedgerRefusal
 */
export async function lookAgain(
  verifying: Omit<Verifying, 'onEntry' | 'state'>,
  state: LedgerState,
): Promise<Look> {
  const known = state.progress?.edge.size ?? Number.POSITIVE_INFINITY;
  const entries: { index: number; entry: Entry }[] = [];
  const onEntry = (entry: Entry, index: number): void => {
    if (index >= known) entries.push({ index, entry });
  };
  const verified = await verifyLedger({ ...verifying, state, onEntry });
  return { verified, entries: verified.finished ? entries : [] };
}
