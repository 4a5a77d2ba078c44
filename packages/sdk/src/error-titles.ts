import type { SdkErrorCode } from './errors.ts';

/** The meaning of each code, for whoever runs the program. The next step depends on that program. */
export const sdkErrorTitles: Readonly<Record<SdkErrorCode, string>> = {
  unavailable: 'The registry does not answer.',
  'answer-invalid': 'The answer is not what this operation answers.',
  'receipt-invalid': 'The registry did not sign for this answer.',
  'statement-invalid': 'A record is not what its submitter signed.',
  'commitment-invalid': 'A record does not hold the identifier asked about.',
  'proof-invalid': 'The evaluation was not made with the published key.',
  'set-invalid': 'The prefix set is not one that the registry signed for everybody.',
  'chain-invalid': "A party's keys do not lead back to the enrolment key seen first.",
  'registry-key-invalid': 'A key of the registry is not announced by the pinned ledger key.',
  'signer-missing': 'There is no key here of the role that this needs.',
  'claim-invalid':
    'A claim is not one that an active reviewer signed for this appeal or inspection.',
  'claim-missing': 'No reviewer has a key on the case yet.',
  'evidence-mismatch': 'The evidence is not what the statement committed to; nothing was sent.',
  'evidence-fits': 'The item is what the statement committed to.',
  'evidence-unopened':
    'The item was not delivered to your claim, or could not be opened, so nothing was compared.',
  'sealing-key-missing': 'There is no key here that opens the evidence of this appeal.',
  'event-invalid': 'An event is not one that the registry signed for you.',
  'ledger-invalid': 'The ledger is not of the pinned key and witnesses, or does not add up.',
  'ledger-rolled-back': 'The ledger is smaller than one that was shown before.',
  'ledger-forked': 'The registry signed two histories of its ledger.',
  'promise-broken': 'The registry answered a call and did not log it in time.',
  'not-logged': 'What the registry says to be in its ledger is not in there.',
  'acknowledgement-forged':
    'The ledger says that you answered a recall, and no key of yours signed that.',
  'disclosure-missing':
    'You were told of a sanction, and the ledger opens no such disclosure to you.',
  'opening-missing':
    'The ledger has an entry about a disclosure to you, and the registry opens it to nobody.',
  'recalls-differ': 'The ledger has other recalls of yours than the registry lists.',
};
