import type {
  Action,
  AppealGround,
  CaseView,
  DecisionOutcome,
  IdentifierKind,
  Outcome,
  Purpose,
  RecallAction,
  RecallKind,
} from '@recourse/protocol';

/** The codes of the protocol in words for the person they are about. */
export const groundTexts: Readonly<Record<AppealGround, { title: string; more: string }>> = {
  'not-me': {
    title: 'It was not me',
    more: 'Somebody used my name, account, number or card, or I was taken for somebody else.',
  },
  recycled: {
    title: 'It belonged to somebody else then',
    more: 'The number, address or account is mine now, and was not when this is said to have happened.',
  },
  'facts-wrong': {
    title: 'It did not happen like that',
    more: 'What is said about the facts is wrong, or leaves out what matters.',
  },
  'wrong-reason': {
    title: 'The reason does not fit',
    more: 'Something happened, but not what this reason describes.',
  },
  disproportionate: {
    title: 'It is out of proportion',
    more: 'The record is too hard, or lasts too long, for what happened.',
  },
  expression: {
    title: 'It was reporting, comment, research, or using another name',
    more: 'I said or published something that I may say or publish.',
  },
  authority: {
    title: 'An authority was behind it',
    more: 'The platform acted because a state body wanted it to.',
  },
  minor: { title: 'I was under 18', more: 'When this is said to have happened.' },
  procedure: {
    title: 'The rules were not kept',
    more: 'I was not told in time, no person decided, or another rule of this registry was broken.',
  },
};

export const stateTexts: Readonly<Record<CaseView['state'], { title: string; meaning: string }>> = {
  draft: {
    title: 'Not yet confirmed',
    meaning:
      'A second person at the platform has to confirm this record. No platform is told of it.',
  },
  held: {
    title: 'Not visible yet',
    meaning:
      'No platform is told of this record yet. You have time to read it and to appeal first.',
  },
  visible: {
    title: 'Visible',
    meaning:
      'Another platform that you show one of these identifiers to, and that asks here, is told of this record.',
  },
  suspended: {
    title: 'Paused',
    meaning: 'No platform that asks is told of this record while it is paused.',
  },
  expired: {
    title: 'Expired',
    meaning: 'Its time is over. No platform is told of it any more.',
  },
  withdrawn: {
    title: 'Withdrawn',
    meaning: 'It was taken back. No platform is told of it any more, and those that were undo it.',
  },
  reversed: {
    title: 'Reversed',
    meaning:
      'It was found to be wrong. No platform is told of it any more, and those that were must undo what they did.',
  },
};

export const actionTexts: Readonly<Record<Action, string>> = {
  'account-terminated': 'closed the account',
  'account-suspended': 'suspended the account',
  'service-terminated': 'ended the service',
  'monetisation-ended': 'stopped paying for the work on the account',
  'payout-withheld': 'held back a payout',
  'feature-restricted': 'restricted what the account can do',
};

export const kindTexts: Readonly<Record<IdentifierKind, string>> = {
  email: 'an email address',
  phone: 'a phone number',
  domain: 'a domain name',
  account: 'an account',
  wallet: 'a wallet',
  iban: 'a bank account (IBAN)',
};

export const purposeTexts: Readonly<Record<Purpose, string>> = {
  signup: 'when an account was opened',
  monetisation: 'before paying for work',
  'payout-change': 'when payout details changed',
  'account-recovery': 'when an account was recovered',
  'safety-review': 'in a safety review',
};

export const outcomeTexts: Readonly<Record<Outcome, string>> = {
  pending: 'It has not decided yet.',
  admitted: 'It let you in.',
  'admitted-with-safeguards': 'It let you in with safeguards.',
  refused: 'It refused.',
};

export const recallTexts: Readonly<Record<RecallKind, string>> = {
  undo: 'to undo what it did because of this record',
  pause: 'to pause what it did because of this record',
  correct: 'to correct what it was told',
};

export const recallActionTexts: Readonly<Record<RecallAction, string>> = {
  undone: 'It undid what it had done.',
  paused: 'It paused what it had done.',
  corrected: 'It corrected what it had noted.',
  'refusal-lifted': 'It lifted its refusal.',
  'never-acted': 'It says it had done nothing because of the record.',
  'account-gone': 'It says the account does not exist any more.',
  'cannot-identify': 'It says it cannot find whom this is about.',
  'kept-on-own-grounds': 'It keeps its measure on grounds of its own, and must have told you so.',
};

export const decisionTexts: Readonly<Record<DecisionOutcome, string>> = {
  upheld: 'The reviewer found the record right. It stays.',
  amended: 'The reviewer changed the record in your favour.',
  reversed: 'The reviewer found the record wrong. It has ended.',
  dismissed: 'The reviewer found nothing in the appeal that could show the record to be wrong.',
  finding: 'The record had already ended, and the reviewer found that it was wrong.',
};
