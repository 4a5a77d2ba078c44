import { everyPurpose, type Reason } from './reason.ts';
import type { CodesOf } from './reason-codes.ts';

export const identityReasons = {
  'identity.impersonation': {
    act: 'Posed as a real person or organisation in order to deceive.',
    isNot: 'Not parody, commentary, criticism, fan or complaint accounts.',
    proofFloor: [[{ class: 'claimant-verification', min: 1 }]],
    longestLifeMonths: 24,
    answersNow: false,
    askedAt: everyPurpose,
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: false,
    speechAdjacent: true,
    dsa: {
      category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
      keyword: 'KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING',
    },
    texts: {
      en: {
        title: 'Impersonation',
        meaning:
          'The platform says that you pretended to be another real person or organisation to deceive people.',
        appeal:
          'Say so if it was parody, comment, criticism, a fan or complaint account, if you are that person, or if you share the name.',
      },
    },
  },
  'identity.forged-document': {
    act: 'Presented a forged or stolen document at verification.',
    isNot: 'Not an expired, damaged, foreign or unreadable document, nor a name that changed.',
    proofFloor: [[{ class: 'document-check', min: 1 }]],
    longestLifeMonths: 36,
    answersNow: false,
    askedAt: everyPurpose,
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: { category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD', keyword: 'KEYWORD_OTHER' },
    texts: {
      en: {
        title: 'Forged document',
        meaning:
          'The platform says that a document shown to verify the account was forged or belonged to somebody else.',
        appeal:
          'Say so if the document is real, if it was expired, damaged or misread, if your name changed, or if somebody used your document.',
      },
    },
  },
  'identity.account-takeover': {
    act: "Took over another user's account; the identifiers are those added in the takeover.",
    isNot: 'Never identifiers that were on the account before: those belong to the victim.',
    proofFloor: [[{ class: 'session-records', min: 1 }]],
    longestLifeMonths: 24,
    answersNow: false,
    askedAt: everyPurpose,
    keepsReasonWhenDisputed: true,
    minorAllowed: true,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: {
      category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
      keyword: 'KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING',
    },
    texts: {
      en: {
        title: 'Account takeover',
        meaning:
          "The platform says that your email, number or payout account was added to somebody else's account when it was taken over.",
        appeal:
          "Say so if you are the owner of the account, if you were yourself hacked, or if the number or address was somebody else's then.",
      },
    },
  },
} satisfies Record<CodesOf<'identity'>, Reason>;
