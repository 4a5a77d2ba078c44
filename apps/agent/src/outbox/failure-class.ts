import type { RecourseErrorCode } from '@recourse/sdk';

/**
 * What becomes of an intent whose delivery failed.
 * - `away`: nothing was decided. The registry is not there, or asks to wait: all lanes wait, for as long as it takes.
 * - `held`: a person has to mend something that is no fault of the intent: a key, the party's standing, trust in the
 *   registry. It waits, and so does what comes after it in its lane.
 * - `refused`: the registry will never take it. It leaves its lane.
 */
export type FailureClass = 'away' | 'held' | 'refused';

const away: ReadonlySet<RecourseErrorCode> = new Set<RecourseErrorCode>([
  'unavailable',
  'overloaded',
  'audit-unavailable',
  'recovering',
  'quota-exceeded',
]);

const held: ReadonlySet<RecourseErrorCode> = new Set<RecourseErrorCode>([
  // The own keys, clock and standing
  'unknown-key',
  'key-inactive',
  'bad-signature',
  'wrong-audience',
  'clock-skew',
  'role-not-allowed',
  'party-suspended',
  'too-few-reviewers',
  'checks-stopped',
  'signer-missing',
  // The registry cannot be believed now
  'internal',
  'answer-invalid',
  'receipt-invalid',
  'chain-invalid',
  'registry-key-invalid',
  'not-logged',
  'ledger-invalid',
  'ledger-rolled-back',
  'ledger-forked',
  'promise-broken',
  'proof-invalid',
  'set-invalid',
  // No reviewer is on the case yet
  'claim-missing',
]);

/** Everything that is neither is an answer to what was asked, and the same question has the same answer. */
export function failureClassOf(code: RecourseErrorCode): FailureClass {
  if (away.has(code)) return 'away';
  return held.has(code) ? 'held' : 'refused';
}

const baseMs = 500;
const mostMs = 15_000;

/** Milliseconds until the next attempt: what the registry asked for, or twice as long each time, with jitter. */
export function pauseMs(
  failures: number,
  wait: { retryAfterSeconds?: number | undefined; random: number },
): number {
  const asked = Math.min(wait.retryAfterSeconds ?? 0, 600) * 1000;
  const ceiling = Math.min(mostMs, baseMs * 2 ** Math.min(failures - 1, 10));
  return asked + ceiling * (0.5 + wait.random / 2);
}
