import { problemCodes, type ProblemCode } from '@recourse/protocol';
import { sdkErrorTitles, type RecourseErrorCode, type SdkErrorCode } from '@recourse/sdk';

/** Title of a code, and what whoever runs the agent can do. */
export function textOf(code: RecourseErrorCode): { title: string; next: string } {
  if (!isProblem(code)) return { title: sdkErrorTitles[code], next: sdkSteps[code] };
  const { title, next } = problemCodes[code];
  return { title, next };
}

const isProblem = (code: RecourseErrorCode): code is ProblemCode =>
  Object.hasOwn(problemCodes, code);

const distrust =
  'Do not act on it; keep what you have, and tell the operator and the review panel of this registry.';
const ownLedger = 'Run recourse ledger own with the profile of your party.';
const reviewers = 'This is for reviewers; an agent of a platform has no use for it.';

const sdkSteps: Readonly<Record<SdkErrorCode, string>> = {
  unavailable:
    'Nothing has to be done: it is tried again, and done once. If it lasts, look at its /healthz.',
  'answer-invalid': distrust,
  'receipt-invalid': distrust,
  'statement-invalid': distrust,
  'commitment-invalid': distrust,
  'proof-invalid': distrust,
  'set-invalid': distrust,
  'chain-invalid': distrust,
  'registry-key-invalid':
    'Compare origin and logKid of the profile with your invite. If both are right: do not act on its answers.',
  'signer-missing': 'Give it one: --key trust=file:PATH. What waits is then delivered.',
  'claim-invalid': distrust,
  'claim-missing': 'Nothing has to be done: it is delivered as soon as one has.',
  'evidence-mismatch':
    'Send the bytes exactly as they were, with the opening that the submission answered.',
  'evidence-fits': reviewers,
  'evidence-unopened': reviewers,
  'sealing-key-missing': reviewers,
  'event-invalid': distrust,
  'ledger-invalid': distrust,
  'ledger-rolled-back':
    'Wait a minute, since a server may lag. If it lasts: do not act on its answers, and tell the review panel.',
  'ledger-forked': distrust,
  'promise-broken': distrust,
  'not-logged': distrust,
  'acknowledgement-forged': ownLedger,
  'disclosure-missing': ownLedger,
  'opening-missing': ownLedger,
  'recalls-differ': ownLedger,
};
