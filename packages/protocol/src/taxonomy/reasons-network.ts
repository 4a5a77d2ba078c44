import type { Reason } from './reason.ts';
import type { CodesOf } from './reason-codes.ts';

export const networkReasons = {
  'network.fake-accounts': {
    act: 'Ran three or more accounts that posed as unrelated people to deceive others or to evade a limit.',
    isNot:
      'Not pseudonyms, disclosed, shared, research or test accounts, or a name that is not the legal one.',
    proofFloor: [[{ class: 'link-analysis', min: 1 }]],
    longestLifeMonths: 12,
    answersNow: false,
    askedAt: ['signup', 'monetisation'],
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: false,
    speechAdjacent: true,
    dsa: {
      category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
      keyword: 'KEYWORD_INAUTHENTIC_ACCOUNTS',
    },
    texts: {
      en: {
        title: 'Network of fake accounts',
        meaning:
          'The platform says that you ran three or more accounts that pretended to be different people in order to deceive.',
        appeal:
          'Say so if the accounts belong to different people, if you share a device or connection, or if they were pseudonyms, disclosed, research or test accounts.',
      },
    },
  },
  'network.fake-engagement': {
    act: 'Bought or sold fake reviews, followers or engagement.',
    isNot:
      "Not advertising, asking one's own audience for support, or fake followers sent by somebody else.",
    proofFloor: [[{ class: 'order-records', min: 1 }], [{ class: 'link-analysis', min: 1 }]],
    longestLifeMonths: 12,
    answersNow: false,
    askedAt: ['signup', 'monetisation'],
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: false,
    speechAdjacent: false,
    dsa: {
      category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
      keyword: 'KEYWORD_INAUTHENTIC_USER_REVIEWS',
    },
    texts: {
      en: {
        title: 'Fake engagement',
        meaning:
          'The platform says that you bought or sold reviews, followers or reactions that were not real.',
        appeal:
          'Say so if you did not order them, if somebody sent them to harm you, or if an agency did it without your knowledge.',
      },
    },
  },
  'network.bulk-spam': {
    act: 'Sent unsolicited messages in bulk by automated means.',
    isNot:
      'Not messages to people who signed up for them, or the same message sent by hand to a few.',
    proofFloor: [[{ class: 'volume-logs', min: 1 }]],
    longestLifeMonths: 6,
    answersNow: false,
    askedAt: ['signup'],
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: false,
    speechAdjacent: true,
    dsa: { category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC', keyword: 'KEYWORD_OTHER' },
    texts: {
      en: {
        title: 'Bulk spam',
        meaning:
          'The platform says that your account sent a great number of unwanted messages by a program.',
        appeal:
          'Say so if the people had signed up for your messages, if you wrote them by hand, or if your account was misused.',
      },
    },
  },
  'network.ban-evasion': {
    act: 'Returned after a final sanction of the same platform that is recorded here and still live.',
    isNot:
      'Not a return after a sanction that ended, or a second account that the platform allows.',
    proofFloor: [[{ class: 'link-analysis', min: 1 }]],
    longestLifeMonths: null,
    answersNow: false,
    askedAt: ['signup'],
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: false,
    speechAdjacent: false,
    dsa: { category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC', keyword: 'KEYWORD_OTHER' },
    texts: {
      en: {
        title: 'Return after a ban',
        meaning:
          'The platform says that you came back with another account while an earlier ban, also recorded here, was in force.',
        appeal:
          'Say so if the new account belongs to somebody else, if the ban had ended, or if the ban itself was wrong: when the first record ends, so does this one.',
      },
    },
  },
} satisfies Record<CodesOf<'network'>, Reason>;
