import type { ProblemCode } from './problem-codes.ts';

const distrust =
  'Do not act on it. Keep what you have, and tell the operator and the review panel of this registry.';
const showFindings =
  'Run `recourse ledger own --evidence FILE`, and show that file to the review panel and to whoever watches the ledger.';

/**
 * Faults that a client finds out itself, beside the refusals of the wire, with a title for people and the next step.
 */
export const clientFaults = {
  /** No answer after every attempt: the network, a gateway or a deadline. */
  unavailable: {
    title: 'The registry does not answer.',
    next: 'Check the network and the /healthz of the registry. Then try again: nothing is done twice.',
  },
  /** The answer does not have the form of its operation. */
  'answer-invalid': { title: 'The answer is not what this operation answers.', next: distrust },
  /** The registry did not sign for this answer to this call. */
  'receipt-invalid': { title: 'The registry did not sign for this answer.', next: distrust },
  /** The submitter did not sign the disclosed statement for this registry. */
  'statement-invalid': { title: 'A record is not what its submitter signed.', next: distrust },
  /** A disclosed leaf does not hold the caller's own token, or an opening does not open its entry. */
  'commitment-invalid': {
    title: 'A record does not hold the identifier asked about.',
    next: distrust,
  },
  /** The evaluation was not made with the published token key. */
  'proof-invalid': { title: 'The evaluation was not made with the published key.', next: distrust },
  /** A prefix set is not as the registry signed it, is older than the one held, or hits nearly everything. */
  'set-invalid': {
    title: 'The prefix set is not one that the registry signed for everybody.',
    next: distrust,
  },
  /** A party's keys do not lead back to its pinned enrolment key. */
  'chain-invalid': {
    title: "A party's keys do not lead back to the enrolment key seen first.",
    next: distrust,
  },
  /** The pinned ledger key did not announce a key of the registry, or the key differs from the pinned one. */
  'registry-key-invalid': {
    title: 'A key of the registry is not announced by the pinned ledger key.',
    next: 'Compare `origin` and `logKid` with your invite. If both are right, do not act on its answers, and tell its operator and the review panel.',
  },
  /** No signer was given for the role this operation needs. */
  'signer-missing': {
    title: 'There is no key here of the role that this needs.',
    next: 'Add a key of that role, or let a holder who has one do it.',
  },
  /** No active reviewer of the panel signed this `recourse-claim+jwt` for this appeal. */
  'claim-invalid': {
    title: 'A claim is not one that an active reviewer signed for this appeal or inspection.',
    next: distrust,
  },
  /** No reviewer has a key on the case yet, so there is nobody to seal evidence to. */
  'claim-missing': {
    title: 'No reviewer has a key on the case yet.',
    next: 'Wait for the event that requests evidence, then deliver it.',
  },
  /** Bytes and salt do not open the commitment of the statement. */
  'evidence-mismatch': {
    title: 'The evidence is not what the statement committed to; nothing was sent.',
    next: 'Restore the bytes exactly as they were, with the salt that the submission answered.',
  },
  /** An item fits the statement: there is nothing to dispute. */
  'evidence-fits': {
    title: 'The item is what the statement committed to.',
    next: 'There is nothing to dispute; confirm it once all items fit.',
  },
  /** No item was delivered to the own assignment, or its key opens nothing, so nothing was compared. */
  'evidence-unopened': {
    title:
      'The item was not delivered to your claim, or could not be opened, so nothing was compared.',
    next: 'Wait for the delivery; what cannot be opened proves nothing for the submitter.',
  },
  /** `connect` got no store of sealing keys, or the store has no key for this appeal. */
  'sealing-key-missing': {
    title: 'There is no key here that opens the evidence of this appeal.',
    next: 'Use the machine and profile that took the case. If the key is lost, recuse, and somebody else is assigned.',
  },
  /** A shared journal, or a key that it is sealed to, is not signed by a trust key of the own platform for this. */
  'journal-invalid': {
    title: 'No colleague signed this journal, or a key to seal it to, for this record.',
    next: distrust,
  },
  /** The registry did not sign this security event token for this party. */
  'event-invalid': {
    title: 'An event is not one that the registry signed for you.',
    next: distrust,
  },
  /** The ledger served data that is not of the pinned key and witness policy, or that proves nothing. */
  'ledger-invalid': {
    title: 'The ledger is not of the pinned key and witnesses, or does not add up.',
    next: distrust,
  },
  /** The ledger is smaller than one shown before: an old copy, or a server that lags. */
  'ledger-rolled-back': {
    title: 'The ledger is smaller than one that was shown before.',
    next: 'Try again in a minute, since a server may lag. If it lasts, do not act on its answers, and tell the operator and the review panel.',
  },
  /** The log key signed two histories; `evidence` proves it to anybody. */
  'ledger-forked': { title: 'The registry signed two histories of its ledger.', next: distrust },
  /** The entry of a receipt is not in the ledger after the promised time. */
  'promise-broken': {
    title: 'The registry answered a call and did not log it in time.',
    next: distrust,
  },
  /** A key, a revocation or a token epoch is not in the ledger as the registry states it. */
  'not-logged': {
    title: 'What the registry says to be in its ledger is not in there.',
    next: distrust,
  },
  /** The ledger says that the own party answered a recall, but no key of the party signed that. */
  'acknowledgement-forged': {
    title: 'The ledger says that you answered a recall, and no key of yours signed that.',
    next: showFindings,
  },
  /** The own party was told of a sanction, and the ledger opens no disclosure of it. */
  'disclosure-missing': {
    title: 'You were told of a sanction, and the ledger opens no such disclosure to you.',
    next: showFindings,
  },
  /** The ledger has an entry about the own party, and the registry opens it to nobody. */
  'opening-missing': {
    title:
      'The ledger has an entry about a disclosure to you, and the registry opens it to nobody.',
    next: showFindings,
  },
  /** The ledger has other recalls of the own party than `recalls.list`. */
  'recalls-differ': {
    title: 'The ledger has other recalls of yours than the registry lists.',
    next: showFindings,
  },
} as const satisfies Readonly<Record<string, { title: string; next: string }>> &
  Partial<Record<ProblemCode, never>>;

/** Code of a fault that a client finds itself. */
export type ClientFaultCode = keyof typeof clientFaults;
