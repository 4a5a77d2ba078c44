import { unwitnessed } from '@recourse/ledger';
import { type LedgerState, LogSource, VerifyError, verifyLedger } from '@recourse/verify';
import type { HeldLog } from './held-log.ts';

export interface Verification {
  /** `verified`, or the code of what was found */
  readonly code: string;
  /** All that was found */
  readonly issues: VerifyError['issues'];
  /** What the reader keeps */
  readonly state: LedgerState;
}

/** Verifies a copy as anybody can who knows origin and key of the log. */
export async function verifyCopy(
  { origin, signer }: Pick<HeldLog, 'origin' | 'signer'>,
  { url, seen }: { url: string; seen: LedgerState },
): Promise<Verification> {
  let state = seen;
  try {
    await verifyLedger({
      log: { origin, policy: unwitnessed(signer.key) },
      source: new LogSource(url),
      state,
      save: (next) => {
        state = next;
      },
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    return { code: 'verified', issues: [], state };
  } catch (error) {
    if (error instanceof VerifyError) return { code: error.code, issues: error.issues, state };
    throw error;
  }
}
