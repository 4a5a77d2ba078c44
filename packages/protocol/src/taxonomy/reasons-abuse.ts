import type { Reason } from './reason.ts';
import type { CodesOf } from './reason-codes.ts';

export const abuseReasons = {
  'abuse.ncii': {
    act: 'Shared intimate imagery of a person without their consent, real or synthetic.',
    isNot: 'Not imagery that the person shown published or agreed to, nor nudity as such.',
    proofFloor: [
      [
        { class: 'review-memo', min: 1 },
        { class: 'person-shown-report', min: 1 },
      ],
    ],
    longestLifeMonths: 36,
    answersNow: true,
    askedAt: ['signup', 'monetisation'],
    keepsReasonWhenDisputed: true,
    minorAllowed: true,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: {
      category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
      keyword: 'KEYWORD_NON_CONSENSUAL_IMAGE_SHARING',
    },
    texts: {
      en: {
        title: 'Intimate images without consent',
        meaning:
          'The platform says that you shared intimate images of a person who had not agreed to it.',
        appeal:
          'Say so if you did not share them, if you are the person shown, if the person agreed, or if your account was misused.',
      },
    },
  },
  'abuse.sextortion': {
    act: 'Threatened to release private material unless the person paid or complied.',
    isNot: "Not a demand for money owed, or asking for one's own material to be taken down.",
    proofFloor: [[{ class: 'message-records', min: 1 }]],
    longestLifeMonths: 36,
    answersNow: true,
    askedAt: ['signup', 'monetisation'],
    keepsReasonWhenDisputed: true,
    minorAllowed: true,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: {
      category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
      keyword: 'KEYWORD_CYBER_BULLYING_INTIMIDATION',
    },
    texts: {
      en: {
        title: 'Extortion with private material',
        meaning:
          'The platform says that you threatened to publish private material of a person to get money or something else.',
        appeal:
          'Say so if you did not write these messages, if your account was misused, or if you are the one who was threatened.',
      },
    },
  },
  'abuse.swatting': {
    act: 'Made a hoax emergency call against a person or place.',
    isNot: 'Not a call made in good faith that proved unfounded.',
    proofFloor: [[{ class: 'provider-reference', min: 1 }]],
    longestLifeMonths: 36,
    answersNow: true,
    askedAt: ['signup', 'monetisation'],
    keepsReasonWhenDisputed: true,
    minorAllowed: true,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: {
      category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
      keyword: 'KEYWORD_CYBER_HARASSMENT',
    },
    texts: {
      en: {
        title: 'Hoax emergency call',
        meaning:
          'The platform says that you caused a false emergency call to send responders to a person or place.',
        appeal:
          'Say so if you made no such call, if your number was faked, or if you called because you believed there was danger.',
      },
    },
  },
  'abuse.doxxing': {
    act: "Published a private person's home, phone or live location with words or context that call for contact, pursuit or harm.",
    isNot: 'Not a public role, business or registrant contact, published records, or reporting.',
    proofFloor: [
      [
        { class: 'review-memo', min: 1 },
        { class: 'victim-report', min: 1 },
      ],
    ],
    longestLifeMonths: 24,
    answersNow: false,
    askedAt: ['signup', 'monetisation'],
    keepsReasonWhenDisputed: true,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: true,
    dsa: {
      category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
      keyword: 'KEYWORD_CYBER_HARASSMENT',
    },
    texts: {
      en: {
        title: 'Publishing where a person can be found',
        meaning:
          'The platform says that you published the home, phone or location of a private person so that others would contact, follow or harm them.',
        appeal:
          'Say so if you were reporting, if it was a business, office or published record, or if nothing called on anyone to act.',
      },
    },
  },
  'abuse.threat': {
    act: 'Made a credible, specific threat of violence, with means, time or place, addressed to the person or their household.',
    isNot: 'Not quotation, report, rhetoric or art.',
    proofFloor: [[{ class: 'review-memo', min: 2, distinctHolders: true }]],
    longestLifeMonths: 24,
    answersNow: false,
    askedAt: ['signup', 'monetisation'],
    keepsReasonWhenDisputed: true,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: true,
    dsa: {
      category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
      keyword: 'KEYWORD_CYBER_BULLYING_INTIMIDATION',
    },
    texts: {
      en: {
        title: 'Threat of violence',
        meaning:
          'The platform says that you threatened a person or their household with violence in a specific way.',
        appeal:
          'Say so if you were quoting, reporting, joking or making art, if it was not addressed to them, or if you did not write it.',
      },
    },
  },
  'abuse.stalking': {
    act: 'Kept contacting a person who had blocked it, or used stalking tools on them.',
    isNot: 'Not requests for comment, legal notices, workplace organising.',
    proofFloor: [[{ class: 'contact-logs', min: 1 }]],
    longestLifeMonths: 24,
    answersNow: false,
    askedAt: ['signup'],
    keepsReasonWhenDisputed: true,
    minorAllowed: false,
    twoReviewers: false,
    namesCriminalOffence: true,
    speechAdjacent: true,
    dsa: {
      category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
      keyword: 'KEYWORD_CYBER_STALKING',
    },
    texts: {
      en: {
        title: 'Stalking',
        meaning:
          'The platform says that you kept contacting a person after they had blocked you, or tracked them.',
        appeal:
          'Say so if you asked for comment, sent a legal notice, organised at work, or if the contact was not from you.',
      },
    },
  },
  'abuse.physical-harm': {
    act: 'Assaulted a person at or after a meeting arranged on the platform.',
    isNot: 'Not an accident, self-defence, or a dispute without assault.',
    proofFloor: [
      [
        { class: 'third-party-record', min: 1 },
        { class: 'review-memo', min: 2 },
      ],
    ],
    longestLifeMonths: 60,
    answersNow: true,
    askedAt: ['signup', 'safety-review'],
    keepsReasonWhenDisputed: true,
    minorAllowed: false,
    twoReviewers: true,
    namesCriminalOffence: true,
    speechAdjacent: false,
    dsa: { category: 'STATEMENT_CATEGORY_VIOLENCE', keyword: 'KEYWORD_OTHER' },
    texts: {
      en: {
        title: 'Physical harm',
        meaning:
          'The platform says that you assaulted a person after a meeting that was arranged on it.',
        appeal:
          'Say so if you were not there, if it was an accident or self-defence, or if you are the one who was harmed.',
      },
    },
  },
} satisfies Record<CodesOf<'abuse'>, Reason>;
