/** The names of the classes of evidence. */
export const evidenceClassNames = [
  'payment-records',
  'victim-report',
  'person-shown-report',
  'captured-artefact',
  'platform-logs',
  'claimant-verification',
  'document-check',
  'session-records',
  'link-analysis',
  'order-records',
  'volume-logs',
  'review-memo',
  'message-records',
  'provider-reference',
  'contact-logs',
  'third-party-record',
  'security-logs',
] as const;
export type EvidenceClass = (typeof evidenceClassNames)[number];
/** What a platform delivers to reviewers: evidence, or the complaint behind a home reversal. */
export const deliveredClassNames = [...evidenceClassNames, 'complaint'] as const;
export type DeliveredClass = (typeof deliveredClassNames)[number];

const records = ['application/json', 'text/csv', 'text/plain', 'application/pdf'] as const;
const writings = ['text/plain', 'application/pdf', 'message/rfc822'] as const;

/**
 * The classes of evidence: the bytes that each means, and the media types that a delivery may have. No class of a code
 * with a person to protect admits images or video: the media itself is never evidence here, nor are documents of
 * identity and faces.
 */
export const evidenceClasses = {
  'payment-records': {
    what: 'Export of the payments, refunds and chargebacks at issue, with card numbers truncated.',
    mediaTypes: records,
  },
  'victim-report': {
    what: 'The report of one victim in their own words, as received, without their contact details.',
    mediaTypes: writings,
  },
  'person-shown-report': {
    what: 'The report of the person shown or of their agent, saying that they did not consent; never the media.',
    mediaTypes: writings,
  },
  'captured-artefact': {
    what: 'The page, message or file that was caught, as captured, with the address and time of capture.',
    mediaTypes: [
      'text/html',
      'text/plain',
      'message/rfc822',
      'application/warc',
      'application/zip',
      'application/pdf',
      'image/png',
    ],
  },
  'platform-logs': {
    what: 'Extract of the logs of views, clicks, accounts and payouts at issue.',
    mediaTypes: records,
  },
  'claimant-verification': {
    what: 'The record of how the real person or organisation was verified, and their statement.',
    mediaTypes: writings,
  },
  'document-check': {
    what: "The verification provider's report on the document; never the document, its number or a face.",
    mediaTypes: ['application/json', 'application/pdf'],
  },
  'session-records': {
    what: 'Extract of the sign-ins and changes of credentials of the account taken over.',
    mediaTypes: records,
  },
  'link-analysis': {
    what: 'The memo that lists the accounts and each fact that links them.',
    mediaTypes: records,
  },
  'order-records': {
    what: 'The orders, offers or payments by which engagement was bought or sold.',
    mediaTypes: records,
  },
  'volume-logs': {
    what: 'Counts of messages and recipients by time, without the messages of recipients.',
    mediaTypes: records,
  },
  'review-memo': {
    what: "One reviewer's signed memo of what was seen and how it meets the definition, without the media.",
    mediaTypes: ['text/plain', 'application/pdf'],
  },
  'message-records': {
    what: 'The messages at issue as text, with times; attached media left out.',
    mediaTypes: ['application/json', 'text/plain', 'message/rfc822'],
  },
  'provider-reference': {
    what: "The emergency service's or provider's reference for the call, as given to the victim or platform.",
    mediaTypes: writings,
  },
  'contact-logs': {
    what: 'Times of the block and of each contact after it, and the messages as text.',
    mediaTypes: records,
  },
  'third-party-record': {
    what: 'A hospital, insurer, court or police record that the harmed person chose to give.',
    mediaTypes: ['application/pdf'],
  },
  'security-logs': {
    what: 'Extract of the logs of the intrusion, with the systems, times and requests at issue.',
    mediaTypes: records,
  },
} as const satisfies Record<EvidenceClass, EvidenceClassRule>;

/** The same, with what a home reversal rests on. */
export const deliveredClasses = {
  ...evidenceClasses,
  complaint: {
    what: 'The complaint about the measure as received, or the ruling, with its date and how it was decided.',
    mediaTypes: writings,
  },
} as const satisfies Record<DeliveredClass, EvidenceClassRule>;

/** A class of evidence: its bytes, and the media types of a delivery. */
export interface EvidenceClassRule {
  /** Which bytes the commitment is over. */
  readonly what: string;
  readonly mediaTypes: readonly string[];
}
