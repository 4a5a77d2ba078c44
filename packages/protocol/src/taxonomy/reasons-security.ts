import type { Reason } from './reason.ts';
import type { CodesOf } from './reason-codes.ts';

export const securityReasons = {
  'security.intrusion': {
    act: 'Broke into systems, tried stolen credentials in bulk, or attacked the availability of a service.',
    isNot: 'Not collecting public data, nor research under a disclosure policy.',
    proofFloor: [[{ class: 'security-logs', min: 1 }]],
    longestLifeMonths: 12,
    answersNow: false,
    askedAt: ['signup', 'safety-review'],
    keepsReasonWhenDisputed: false,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: { category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC', keyword: 'KEYWORD_OTHER' },
    texts: {
      en: {
        title: 'Attack on a service',
        meaning:
          'The platform says that you broke into its systems, tried stolen passwords or tried to make the service fail.',
        appeal:
          'Say so if you collected public pages only, if it was research under a disclosure policy, or if your computer or account was misused.',
      },
    },
  },
} satisfies Record<CodesOf<'security'>, Reason>;
