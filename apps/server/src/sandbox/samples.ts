import type { Control, EvidenceClass, IdentifierKind, ReasonCode } from '@recourse/protocol';
import type { SampleName } from './sample-platforms.ts';

export interface SampleIdentifier {
  readonly kind: IdentifierKind;
  readonly raw: string;
  readonly control: Control;
}

/** One invented sanction, by days before the first start of the sandbox. */
export interface Sample {
  readonly label: string;
  readonly by: SampleName;
  readonly reason: ReasonCode;
  readonly identifiers: readonly SampleIdentifier[];
  readonly evidence: EvidenceClass;
  readonly account: string;
  readonly submitted: number;
  /** When the notice went out; a record without one answers no check */
  readonly notified?: number;
  /** When the platform took it back, having named the wrong person */
  readonly withdrawn?: number;
}

const email = (raw: string): SampleIdentifier => ({ kind: 'email', raw, control: 'otp' });
const phone = (raw: string): SampleIdentifier => ({ kind: 'phone', raw, control: 'otp' });
const domain = (raw: string): SampleIdentifier => ({ kind: 'domain', raw, control: 'dns' });

/** One of each state that a newcomer should see. Nobody here exists. */
export const samples: readonly Sample[] = [
  {
    label: 'phishing',
    by: 'harbour',
    reason: 'fraud.phishing',
    identifiers: [domain('parcel-redelivery.example'), email('ops@parcel-redelivery.example')],
    evidence: 'captured-artefact',
    account: 'Hosted a copy of a parcel service login page that sent passwords to its owner.',
    submitted: 30,
    notified: 30,
  },
  {
    label: 'payout',
    by: 'tubely',
    reason: 'fraud.payout',
    identifiers: [email('clips.factory@mail.example')],
    evidence: 'platform-logs',
    account: 'Nine in ten paid views came from one rented network of devices.',
    submitted: 25,
    notified: 25,
  },
  {
    label: 'scam',
    by: 'marketo',
    reason: 'fraud.scam',
    identifiers: [email('best.deals@mail.example'), phone('+4915123456789')],
    evidence: 'payment-records',
    account: 'Took payment for eleven phones that were never in stock and never sent.',
    submitted: 20,
    notified: 20,
  },
  {
    label: 'scam-elsewhere',
    by: 'harbour',
    reason: 'fraud.scam',
    identifiers: [email('best.deals@mail.example')],
    evidence: 'payment-records',
    account: 'Ran a shop that charged cards and closed before any parcel left.',
    submitted: 14,
    notified: 14,
  },
  {
    label: 'wrong-person',
    by: 'tubely',
    reason: 'identity.impersonation',
    identifiers: [email('real.singer@mail.example')],
    evidence: 'claimant-verification',
    account: 'Was taken for somebody posing as a singer, and was the singer.',
    submitted: 40,
    notified: 40,
    withdrawn: 33,
  },
  {
    label: 'held',
    by: 'marketo',
    reason: 'network.fake-engagement',
    identifiers: [email('five.stars@mail.example')],
    evidence: 'order-records',
    account: 'Sold two hundred reviews of goods that the reviewers never bought.',
    submitted: 1,
    notified: 1,
  },
  {
    label: 'not-notified',
    by: 'tubely',
    reason: 'network.bulk-spam',
    identifiers: [email('hello.friend@mail.example')],
    evidence: 'volume-logs',
    account: 'Sent forty thousand equal messages to strangers in one night.',
    submitted: 0.1,
  },
];
