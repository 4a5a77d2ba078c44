import { problemCodes } from '@recourse/protocol';
import { isRecourseError, sdkErrorTitles, type SdkErrorCode } from '@recourse/sdk';
import { VerifyError } from '@recourse/verify';
import { WitnessError } from '@recourse/witness';
import { CliError, type CliIssue } from './errors.ts';
import { verifySteps } from './ledger/next-steps.ts';

/** An error as a person or a script is told it: by code, with what to do next, and no value of any input. */
export interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly issues: readonly CliIssue[];
}

export function explain(error: unknown): Explanation {
  if (error instanceof CliError) {
    const { code, message, next, issues } = error;
    return { code, message, next, issues };
  }
  if (isRecourseError(error)) {
    const { code, issues, retryAfterSeconds } = error;
    const { title, next } = textOf(code);
    const wait = retryAfterSeconds === undefined ? '' : waitOf(retryAfterSeconds);
    return { code, message: title, next: next + wait, issues };
  }
  if (error instanceof VerifyError) {
    const { code, message, issues } = error;
    return { code, message, next: verifySteps[code], issues };
  }
  if (error instanceof WitnessError) {
    const { code, message, next } = error;
    return { code, message, next, issues: [] };
  }
  return {
    code: 'internal',
    message: 'The command failed.',
    next: `Report this with the version and the command: ${nameOf(error)}.`,
    issues: [],
  };
}

/** When to try again, for scripts in seconds, for people also in what they would say of them. */
function waitOf(seconds: number): string {
  const inSeconds = ` Retry-After: ${seconds} s`;
  if (seconds < 120) return `${inSeconds}.`;
  const minutes = Math.ceil(seconds / 60);
  const about = minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
  return `${inSeconds}, in ${about}.`;
}

/** Title and next step of a code, of the registry or of the SDK. */
export function textOf(code: string): { title: string; next: string } {
  if (isKey(problemCodes, code)) return problemCodes[code];
  if (isKey(sdkErrorTitles, code)) return { title: sdkErrorTitles[code], next: sdkSteps[code] };
  return { title: code, next: 'Look the code up in the documentation.' };
}

const distrust =
  'Do not act on it; keep what you have, and tell the operator and the review panel of this registry.';

const showFindings =
  'Run it again with --evidence FILE, and show that file to the review panel and to whoever watches the ledger.';

const sdkSteps: Readonly<Record<SdkErrorCode, string>> = {
  unavailable:
    'Check the network and its /healthz, and run the command again: nothing is done twice.',
  'answer-invalid': distrust,
  'receipt-invalid': distrust,
  'statement-invalid': distrust,
  'commitment-invalid': distrust,
  'proof-invalid': distrust,
  'chain-invalid': distrust,
  'set-invalid': distrust,
  'registry-key-invalid':
    'Check the origin and logKid of the profile against your invite. If both are right: do not act on its answers, and tell its operator and the review panel.',
  'not-logged': distrust,
  'acknowledgement-forged': showFindings,
  'disclosure-missing': showFindings,
  'opening-missing': showFindings,
  'recalls-differ': showFindings,
  'signer-missing': 'Add the key file to the profile, or use the profile of a holder who has one.',
  'claim-invalid': distrust,
  'claim-missing': 'Wait for the event that requests evidence, then deliver it.',
  'evidence-fits': 'There is nothing to dispute; confirm it once all items fit.',
  'evidence-unopened':
    'Wait for the delivery; what cannot be opened proves nothing for the submitter.',
  'evidence-mismatch':
    'Restore the bytes exactly as they were, with the salt that the submission kept.',
  'sealing-key-missing':
    'Use the machine and profile that took the case; a lost key: recuse, and somebody else is assigned.',
  'event-invalid': distrust,
  'ledger-invalid': distrust,
  'ledger-rolled-back':
    'Run the command again in a minute, since a server may lag. If it lasts: do not act on its answers, and tell the operator and the review panel.',
  'ledger-forked': distrust,
  'promise-broken': distrust,
};

const isKey = <T extends object>(table: T, key: string): key is Extract<keyof T, string> =>
  Object.hasOwn(table, key);

/** The message of an unknown error may quote input; its name does not. */
const nameOf = (error: unknown): string =>
  error instanceof Error
    ? [error.name, 'code' in error ? String(error.code) : ''].join(' ').trim()
    : 'unknown';
