import { problemCodes, type ProblemCode } from '@recourse/protocol';
import type { RecourseErrorCode, SdkErrorCode } from '@recourse/sdk';

/**
 * What becomes of an intent whose delivery failed.
 * - `away`: nothing was decided. The registry is not there, or asks to wait: all lanes wait, for as long as it takes.
 * - `held`: a person has to mend something that is no fault of the intent: a key, the party's standing, trust in the
 *   registry. It waits, and so does what comes after it in its lane.
 * - `refused`: the registry will never take it. It leaves its lane.
 */
export type Fate = 'away' | 'held' | 'refused';

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
export function fateOf(code: RecourseErrorCode): Fate {
  if (away.has(code)) return 'away';
  return held.has(code) ? 'held' : 'refused';
}

const baseMs = 500;
const mostMs = 15_000;

/** Milliseconds until the next attempt: what the registry asked for, or twice as long each time, with jitter. */
export function pauseMs(
  failures: number,
  of: { retryAfterSeconds?: number | undefined; random: number },
): number {
  const asked = Math.min(of.retryAfterSeconds ?? 0, 600) * 1000;
  const ceiling = Math.min(mostMs, baseMs * 2 ** Math.min(failures - 1, 10));
  return asked + ceiling * (0.5 + of.random / 2);
}

/** Title of a code, and what whoever runs the agent can do. */
export function textOf(code: RecourseErrorCode): { title: string; next: string } {
  const { title, next } = isProblem(code) ? problemCodes[code] : sdkTexts[code];
  return { title, next };
}

const isProblem = (code: RecourseErrorCode): code is ProblemCode =>
  Object.hasOwn(problemCodes, code);

const distrust =
  'Do not act on it; keep what you have, and tell the operator and the review panel of this registry.';
const ownLedger = 'Run recourse ledger own with the profile of your party.';
const reviewers = 'This is for reviewers; an agent of a platform has no use for it.';

const sdkTexts: Readonly<Record<SdkErrorCode, { title: string; next: string }>> = {
  unavailable: {
    title: 'The registry does not answer.',
    next: 'Nothing has to be done: it is tried again, and done once. If it lasts, look at its /healthz.',
  },
  'answer-invalid': { title: 'The answer is not what this operation answers.', next: distrust },
  'receipt-invalid': { title: 'The registry did not sign for this answer.', next: distrust },
  'statement-invalid': { title: 'A record is not what its submitter signed.', next: distrust },
  'commitment-invalid': {
    title: 'A record does not hold the identifier asked about.',
    next: distrust,
  },
  'proof-invalid': { title: 'The evaluation was not made with the published key.', next: distrust },
  'set-invalid': {
    title: 'A prefix set is not the one that the registry signed.',
    next: distrust,
  },
  'chain-invalid': {
    title: "A party's keys do not lead back to the enrolment key seen first.",
    next: distrust,
  },
  'registry-key-invalid': {
    title: 'A key of the registry is not announced by the pinned ledger key.',
    next: 'Compare origin and logKid of the profile with your invite. If both are right: do not act on its answers.',
  },
  'signer-missing': {
    title: 'The agent holds no key of the role that this needs.',
    next: 'Give it one: --key trust=file:PATH. What waits is then delivered.',
  },
  'claim-invalid': {
    title: 'A claim is not one that an active reviewer signed for this appeal.',
    next: distrust,
  },
  'claim-missing': {
    title: 'No reviewer has a key on the case yet.',
    next: 'Nothing has to be done: it is delivered as soon as one has.',
  },
  'evidence-mismatch': {
    title: 'The evidence is not what the statement committed to; nothing was sent.',
    next: 'Send the bytes exactly as they were, with the opening that the submission answered.',
  },
  'evidence-fits': { title: 'The item is what the statement committed to.', next: reviewers },
  'evidence-unopened': { title: 'The item could not be opened.', next: reviewers },
  'sealing-key-missing': { title: 'There is no key that opens it.', next: reviewers },
  'event-invalid': {
    title: 'An event is not one that the registry signed for you.',
    next: distrust,
  },
  'ledger-invalid': {
    title: 'The ledger is not of the pinned key and witnesses, or does not add up.',
    next: distrust,
  },
  'ledger-rolled-back': {
    title: 'The ledger is smaller than one that was shown before.',
    next: 'Wait a minute, since a server may lag. If it lasts: do not act on its answers, and tell the review panel.',
  },
  'ledger-forked': { title: 'The registry signed two histories of its ledger.', next: distrust },
  'promise-broken': {
    title: 'The registry answered a call and did not log it in time.',
    next: distrust,
  },
  'not-logged': {
    title: 'What the registry says to be in its ledger is not in there.',
    next: distrust,
  },
  'acknowledgement-forged': {
    title: 'The ledger says that you answered a recall, and no key of yours signed that.',
    next: ownLedger,
  },
  'disclosure-missing': { title: 'The ledger opens no disclosure to you.', next: ownLedger },
  'opening-missing': { title: 'An entry about you is opened to nobody.', next: ownLedger },
  'recalls-differ': { title: 'The ledger has other recalls of yours.', next: ownLedger },
};
