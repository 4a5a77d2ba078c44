import type {
  AppealGround,
  ClaimantWay,
  Decision,
  InspectionReason,
  OpInput,
  PanelKind,
  PanelOutcome,
  ReversalCause,
} from '@recourse/protocol';

/** Grounds of the creator, in words. */
export const groundTexts: Readonly<Record<AppealGround, string>> = {
  'not-me': 'It was not me',
  recycled: 'The identifier belongs to somebody else now',
  'facts-wrong': 'The facts are wrong',
  'wrong-reason': 'The reason does not fit the act',
  disproportionate: 'It goes too far',
  expression: 'It was reporting, comment, research or pseudonymity',
  authority: 'An authority asked for it',
  minor: 'I was a minor',
  procedure: 'The procedure was not kept',
};

/** How a claimant came to the case. */
export const wayTexts: Readonly<Record<ClaimantWay, string>> = {
  handed: 'by a code that the platform handed out',
  delivered: 'by a code that the registry delivered',
  proof: 'by proving control to the registry',
  ticket: 'by the word of a platform',
};

export const inspectionTexts: Readonly<Record<InspectionReason, string>> = {
  drawn: 'The ledger drew this record.',
  probation: 'It is one of the first records of a probation.',
  're-examination': 'Its platform is suspended.',
  leaving: 'Its platform left.',
  decision: 'The decision of its appeal was drawn to be made again.',
  cause: 'The cause of its reversal is to be confirmed.',
  'home-reversal':
    'Its platform withdrew it, since a complaint was right. The evidence is that complaint.',
  relay: 'It comes after the reversal of a record of another platform about the same identifier.',
};

type Outcome = Decision['outcome'];

export const outcomeTexts: Readonly<Record<Outcome, string>> = {
  upheld: 'Uphold: the record is right',
  reversed: 'Reverse: the record is wrong',
  amended: 'Amend: the record is right in part',
  dismissed: 'Dismiss: the appeal is manifestly unfounded',
  finding: 'Finding: the record, which has ended, was wrong',
  passed: 'Passed: the evidence holds',
  failed: 'Failed: the evidence does not hold',
};

export const causeTexts: Readonly<Record<ReversalCause, string>> = {
  error: 'An error of the platform',
  'mistaken-identity': 'Another person',
  victim: 'The creator is the victim',
  disproportionate: 'Disproportionate',
  expression: 'Reporting, comment, research or pseudonymity',
  'authority-origin': 'An authority asked for it',
  minor: 'A minor, whom this reason does not admit',
  'insufficient-evidence': 'The evidence is not sufficient',
  'evidence-not-delivered': 'The evidence was not delivered',
  'evidence-mismatch': 'The evidence is not what was signed for',
  conceded: 'The platform conceded',
  'key-compromise': 'A stolen key signed it',
};

export const recusalTexts: Readonly<Record<OpInput<'review.recuse'>['why'], string>> = {
  acquaintance: 'I know somebody concerned',
  affiliation: 'I have worked for a platform concerned',
  'other-conflict': 'I have another conflict of interest',
  language: 'I do not read the language well enough',
  workload: 'I have too much to do',
};

export const panelKindTexts: Readonly<Record<PanelKind, string>> = {
  'party-suspension': 'Suspension of a platform',
  'suspension-appeal': 'Appeal against a suspension',
  inquiry: 'Inquiry into a platform',
  speech: 'Suspension for speech, or for an authority',
  admission: 'Admission of a platform',
  group: 'Whether two platforms are one group',
  challenge: 'An identifier that may have changed hands',
  strikes: 'Cases that may not count',
};

export const panelOutcomeTexts: Readonly<Record<PanelOutcome, string>> = {
  suspend: 'Suspend the platform',
  refuse: 'Refuse',
  uphold: 'Uphold the suspension',
  lift: 'Lift the suspension',
  admit: 'Admit the platform',
  join: 'Join the platforms to one group',
  detach: 'Detach the identifier from the record',
  keep: 'Keep things as they are',
  strike: 'Strike cases from what the platform is judged by',
};
