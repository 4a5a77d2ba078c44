import { textOfCode } from '@recourse/protocol';
import { isRecourseError, type Issue, type RecourseErrorCode } from '@recourse/sdk';

/** A failure in words: what happened, what to do next, and which fields are wrong. */
export interface Explained {
  readonly title: string;
  readonly next: string;
  readonly issues: readonly Issue[];
}

type Text = Omit<Explained, 'issues'>;

const outdated: Text = {
  title: 'The desk and the registry do not understand each other.',
  next: 'Load the page again, so that the desk is the one of this registry. Nothing was done, and drafts are kept.',
};
const away = 'Try again in a minute. Nothing was done, and drafts are kept.';
const findings =
  'Have an engineer of your platform run the check of its own ledger, and show the file to the review panel.';

/** What people at a desk read, where the texts of the protocol speak to whoever writes a client. */
const texts: Readonly<Partial<Record<RecourseErrorCode, Text>>> = {
  'malformed-request': outdated,
  'malformed-call': outdated,
  'op-mismatch': outdated,
  'unknown-op': outdated,
  'method-not-allowed': outdated,
  'unsupported-media-type': outdated,
  'headers-too-large': outdated,
  'idempotency-conflict': outdated,
  'replayed-call': outdated,
  'wrong-audience': outdated,
  'unknown-version': outdated,
  'bad-signature': outdated,
  'request-timeout': { title: 'The registry did not get all of it in time.', next: away },
  'too-large': { title: 'This is too much at once.', next: 'Send fewer or smaller parts.' },
  'unknown-key': {
    title: 'The registry does not know the key of this browser.',
    next: 'Ask an administrator of your party whether they added it.',
  },
  'key-inactive': {
    title: 'The key of this browser is not active.',
    next: 'Ask an administrator of your party for a new invite. If the key is new, set the clock of this device right.',
  },
  'clock-skew': {
    title: 'The clock of this device is wrong.',
    next: 'Set it right, and try again.',
  },
  'role-not-allowed': {
    title: 'Your role may not do this.',
    next: 'Ask a colleague whose role may.',
  },
  'party-suspended': {
    title: 'Your party is suspended.',
    next: 'Recalls, evidence and appeals go on as before. Standing says why it is suspended and what ends it.',
  },
  'checks-stopped': {
    title: 'Your platform may not check now.',
    next: 'Acknowledge recalls that are overdue and report outcomes that are owed: checks go on at once. If none is, Standing says what waits for an operator.',
  },
  'not-found': {
    title: 'There is nothing of yours here.',
    next: 'It may belong to another party, or it was erased. Go back to the list.',
  },
  'state-conflict': {
    title: 'Somebody was faster, or this has moved on.',
    next: 'Load the page again, and decide by what it shows then.',
  },
  'invalid-input': {
    title: 'Something here is not right yet.',
    next: 'Correct what is listed, and send it again.',
  },
  'reason-not-accepted': {
    title: 'This reason is not accepted from your platform.',
    next: 'Choose a reason that is enabled for you and for which your platform stated a legal basis. If none fits, the record does not belong here.',
  },
  'proof-too-weak': {
    title: 'The evidence is below the proof floor of this reason.',
    next: 'Add the evidence that the reason asks for, or record nothing.',
  },
  'unknown-epoch': {
    title: 'The keys of the registry changed meanwhile.',
    next: 'Load the page, and send it again.',
  },
  'quota-exceeded': {
    title: 'What your platform may do today is used up.',
    next: 'It comes back by itself. An operator can raise it if your signups have grown.',
  },
  internal: {
    title: 'The registry failed.',
    next: 'Try again: nothing is done twice. If it lasts, tell the operator of this registry when it happened.',
  },
  overloaded: { title: 'The registry is busy.', next: away },
  'audit-unavailable': {
    title: 'The registry cannot log what it answers, so it answers nothing.',
    next: away,
  },
  recovering: {
    title: 'The registry is being restored.',
    next: 'Act on recalls that you have now. Acknowledge them, and do everything else, once it is back.',
  },
  unavailable: {
    title: 'The registry does not answer.',
    next: 'Check your connection, and try again: nothing is done twice.',
  },
  'evidence-mismatch': {
    title: 'This file is not the one that the record committed to, so nothing was sent.',
    next: 'Choose the file exactly as it was.',
  },
  'sealing-key-missing': {
    title: 'This browser has no key that opens the evidence of this appeal.',
    next: 'Use the browser in which you took the case. If its key is lost, give the case back, and somebody else gets it.',
  },
  'registry-key-invalid': {
    title: 'This registry is not the one of your invite.',
    next: 'Do not act on what it says. Tell its operator and the review panel.',
  },
  'acknowledgement-forged': {
    title: 'The ledger says that you answered a recall, and no key of yours signed that.',
    next: findings,
  },
  'disclosure-missing': {
    title: 'You were told of a record, and the ledger does not say so.',
    next: findings,
  },
  'opening-missing': {
    title: 'The ledger says that you were told of something, and the registry shows it to nobody.',
    next: findings,
  },
  'recalls-differ': {
    title: 'The ledger has other recalls of yours than the registry lists.',
    next: findings,
  },
};

/** Says what happened, for the person at the screen. */
export const textOfRefusal = (code: RecourseErrorCode): Text => texts[code] ?? textOfCode(code);

const byTwo: Text = {
  title: 'The records that one person makes alone are used up for today.',
  next: 'Make it a draft: a colleague confirms it, and then it counts. What you wrote is still here.',
};

const waits = (seconds: number): string =>
  seconds < 90
    ? 'Try again in a minute.'
    : seconds < 5400
      ? `Try again in ${Math.round(seconds / 60)} minutes.`
      : `Try again in ${Math.round(seconds / 3600)} hours.`;

/** Explains a failure and the next step. */
export function explain(error: unknown): Explained {
  if (!isRecourseError(error)) {
    return {
      title: 'The desk failed.',
      next: 'Load the page again. Your drafts are kept.',
      issues: [],
    };
  }
  const { issues, retryAfterSeconds } = error;
  // One person may sign no more, and two may: to wait is not what helps.
  if (error.hasIssue('second-holder-required')) return { ...byTwo, issues: [] };
  const { title, next } = textOfRefusal(error.code);
  const wait = error.code === 'quota-exceeded' && retryAfterSeconds ? waits(retryAfterSeconds) : '';
  return { title, next: [next, wait].filter(Boolean).join(' '), issues };
}
