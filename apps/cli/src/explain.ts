import { problemCodes } from '@recourse/protocol';
import { isRecourseError, type SdkErrorCode } from '@recourse/sdk';
import { WitnessError } from '@recourse/witness';
import { CliError, type CliIssue } from './errors.ts';
import { ledgerCauses, LedgerRefusal } from './ledger/ledger-refusal.ts';

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
  if (error instanceof LedgerRefusal) {
    const { code, issues } = error;
    const { title, next } = ledgerCauses[code];
    return { code, message: title, next, issues };
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
  if (isKey(sdkTexts, code)) return sdkTexts[code];
  return { title: code, next: 'Look the code up in the documentation.' };
}

const distrust =
  'Do not act on it; keep what you have, and tell the operator and the review panel of this registry.';

const showFindings =
  'Run it again with --evidence FILE, and show that file to the review panel and to whoever watches the ledger.';

const sdkTexts: Readonly<Record<SdkErrorCode, { title: string; next: string }>> = {
  unavailable: {
    title: 'The registry does not answer.',
    next: 'Check the network and its /healthz, and run the command again: nothing is done twice.',
  },
  'answer-invalid': { title: 'The answer is not what this operation answers.', next: distrust },
  'receipt-invalid': { title: 'The registry did not sign for this answer.', next: distrust },
  'statement-invalid': { title: 'A record is not what its submitter signed.', next: distrust },
  'commitment-invalid': {
    title: 'A record does not hold the identifier asked about.',
    next: distrust,
  },
  'proof-invalid': { title: 'The evaluation was not made with the published key.', next: distrust },
  'chain-invalid': {
    title: "A party's keys do not lead back to the enrolment key seen first.",
    next: distrust,
  },
  'set-invalid': {
    title: 'The prefix set is not one that the registry signed for everybody.',
    next: distrust,
  },
  'registry-key-invalid': {
    title: 'A key of the registry is not announced by the pinned ledger key.',
    next: 'Check the origin and logKid of the profile against your invite. If both are right: do not act on its answers, and tell its operator and the review panel.',
  },
  'not-logged': {
    title: 'What the registry says to be in its ledger is not in there.',
    next: distrust,
  },
  'acknowledgement-forged': {
    title: 'The ledger says that you answered a recall, and no key of yours signed that.',
    next: showFindings,
  },
  'disclosure-missing': {
    title: 'You were told of a sanction, and the ledger opens no such disclosure to you.',
    next: showFindings,
  },
  'opening-missing': {
    title:
      'The ledger has an entry about a disclosure to you, and the registry opens it to nobody.',
    next: showFindings,
  },
  'recalls-differ': {
    title: 'The ledger has other recalls of yours than the registry lists.',
    next: showFindings,
  },
  'signer-missing': {
    title: 'The profile has no key of the role this needs.',
    next: 'Add the key file to the profile, or use the profile of a holder who has one.',
  },
  'claim-invalid': {
    title: 'A claim is not one that an active reviewer signed for this appeal or audit.',
    next: distrust,
  },
  'claim-missing': {
    title: 'No reviewer has a key on the case yet.',
    next: 'Wait for the event that requests evidence, then deliver it.',
  },
  'evidence-fits': {
    title: 'The item is what the statement committed to.',
    next: 'There is nothing to dispute; confirm it once all items fit.',
  },
  'evidence-unopened': {
    title:
      'The item was not delivered to your claim, or could not be opened, so nothing was compared.',
    next: 'Wait for the delivery; what cannot be opened proves nothing for the submitter.',
  },
  'evidence-mismatch': {
    title: 'The evidence is not what the statement committed to; nothing was sent.',
    next: 'Restore the bytes exactly as they were, with the salt that the submission kept.',
  },
  'sealing-key-missing': {
    title: 'There is no key here that opens the evidence of this appeal.',
    next: 'Use the machine and profile that took the case; a lost key: recuse, and somebody else is assigned.',
  },
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
    next: 'Run the command again in a minute, since a server may lag. If it lasts: do not act on its answers, and tell the operator and the review panel.',
  },
  'ledger-forked': { title: 'The registry signed two histories of its ledger.', next: distrust },
  'promise-broken': {
    title: 'The registry answered a call and did not log it in time.',
    next: distrust,
  },
};

const isKey = <T extends object>(table: T, key: string): key is Extract<keyof T, string> =>
  Object.hasOwn(table, key);

/** The message of an unknown error may quote input; its name does not. */
const nameOf = (error: unknown): string =>
  error instanceof Error
    ? [error.name, 'code' in error ? String(error.code) : ''].join(' ').trim()
    : 'unknown';
