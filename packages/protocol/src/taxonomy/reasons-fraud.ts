import { everyPurpose, type Reason } from './reason.ts';
import type { CodesOf } from './reason-codes.ts';

export const fraudReasons = {
  'fraud.payment': {
    act: 'Committed payment, refund or chargeback fraud, or paid with stolen instruments.',
    isNot:
      'Not a dispute about goods or service, a late payment, or a refund that the terms allow.',
    proofFloor: [[{ class: 'payment-records', min: 1 }]],
    longestLifeMonths: 36,
    answersNow: false,
    askedAt: ['signup', 'monetisation', 'payout-change'],
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: { category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD', keyword: 'KEYWORD_OTHER' },
    texts: {
      en: {
        title: 'Payment fraud',
        meaning:
          'The platform says that payments, refunds or chargebacks on your account were fraudulent, or that a stolen card or account was used.',
        appeal:
          'Say so if you did not make these payments, if somebody else used your account or card, or if it was an honest dispute about goods or a refund.',
      },
    },
  },
  'fraud.scam': {
    act: 'Took money or goods by an offer that was false when it was made.',
    isNot:
      'Not a late or failed delivery, a poor product, or a promise about the future that was not kept.',
    proofFloor: [[{ class: 'victim-report', min: 2 }], [{ class: 'payment-records', min: 1 }]],
    longestLifeMonths: 36,
    answersNow: false,
    askedAt: ['signup', 'monetisation', 'payout-change'],
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: {
      category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
      keyword: 'KEYWORD_INAUTHENTIC_LISTINGS',
    },
    texts: {
      en: {
        title: 'Scam',
        meaning: 'The platform says that you took money or goods with an offer that was not real.',
        appeal:
          'Say so if the offer was real, if you delivered or paid back, or if somebody else used your name, account or number.',
      },
    },
  },
  'fraud.phishing': {
    act: 'Collected credentials by a counterfeit page or message, or delivered malware.',
    isNot:
      'Not security training, a test agreed with the owner, or publishing a sample to warn others.',
    proofFloor: [[{ class: 'captured-artefact', min: 1 }]],
    longestLifeMonths: 24,
    answersNow: true,
    askedAt: everyPurpose,
    keepsReasonWhenDisputed: true,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: { category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD', keyword: 'KEYWORD_PHISHING' },
    texts: {
      en: {
        title: 'Phishing or malware',
        meaning:
          'The platform says that a page or message from you stole passwords, or that you sent harmful software.',
        appeal:
          'Say so if your site or account had been broken into, if it was an agreed test, or if the address is no longer or was never yours.',
      },
    },
  },
  'fraud.payout': {
    act: 'Used fake views, clicks or accounts to be paid for an audience that did not exist.',
    isNot: 'Not a payee that the account holder authorised, such as a parent or an agency.',
    proofFloor: [[{ class: 'platform-logs', min: 1 }]],
    longestLifeMonths: 24,
    answersNow: false,
    askedAt: ['signup', 'monetisation', 'payout-change'],
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: { category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD', keyword: 'KEYWORD_OTHER' },
    texts: {
      en: {
        title: 'Payout fraud',
        meaning:
          'The platform says that views, clicks or accounts were faked so that you would be paid for them.',
        appeal:
          'Say so if you did not arrange the traffic, if somebody aimed it at you, or if the payout account belongs to a parent or agency that you authorised.',
      },
    },
  },
} satisfies Record<CodesOf<'fraud'>, Reason>;
