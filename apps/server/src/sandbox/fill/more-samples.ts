import type { AppealGround, EvidenceClass, ReasonCode } from '@recourse/protocol';
import { sampleNames, type SampleName } from '../sample-platforms.ts';
import type { Sample } from '../samples.ts';

/** One of the many records that fill a sandbox. */
export interface MoreSample extends Pick<
  Sample,
  'label' | 'by' | 'reason' | 'identifiers' | 'evidence' | 'account'
> {
  readonly email: string;
  /** Some wait for their notice, as work that nobody has done yet */
  readonly isNotified: boolean;
}

export const recordsInAll = 300;
export const appealsInAll = 20;

/** Nobody here exists, and no address can: `.example` is reserved (RFC 2606). */
export const moreSamples = (): MoreSample[] =>
  Array.from({ length: recordsInAll }, (_, n) => sampleAt(n));

function sampleAt(n: number): MoreSample {
  const { reason, evidence, accounts } = pick(kinds, n);
  const email = `${pick(firsts, n)}.${pick(seconds, Math.floor(n / firsts.length))}@mail.example`;
  return {
    label: `more/${n}`,
    by: platformOf(n),
    reason,
    identifiers: [{ kind: 'email', raw: email, control: 'otp' }],
    evidence,
    account: pick(accounts, Math.floor(n / kinds.length)),
    email,
    isNotified: n % 8 !== 7,
  };
}

/** A third each, one after the other, so that a second person confirms many of one platform at once. */
const platformOf = (n: number): SampleName =>
  sampleNames[Math.floor((n * sampleNames.length) / recordsInAll)] ?? 'harbour';

/** Words of creators who appeal. */
export const appeals: readonly { ground: AppealGround; words: string }[] = [
  { ground: 'not-me', words: 'I have never had an account there. Somebody used my address.' },
  {
    ground: 'facts-wrong',
    words: 'I sent every parcel, and have the receipts of the post office.',
  },
  { ground: 'recycled', words: 'I got this address in the spring. It belonged to somebody else.' },
  { ground: 'disproportionate', words: 'It was one message, and I took it down within the hour.' },
  { ground: 'wrong-reason', words: 'I sold tickets that I could not use. That is no fraud.' },
  { ground: 'procedure', words: 'Nobody asked me before my account was closed.' },
];

interface KindOfSample {
  readonly reason: ReasonCode;
  readonly evidence: EvidenceClass;
  readonly accounts: readonly [string, ...string[]];
}

const kinds: readonly [KindOfSample, ...KindOfSample[]] = [
  {
    reason: 'fraud.scam',
    evidence: 'payment-records',
    accounts: [
      'Took payment for bicycles that were never sent.',
      'Sold tickets to a concert that had no such seats.',
      'Asked renters for a deposit on a flat that somebody else owns.',
    ],
  },
  {
    reason: 'network.fake-engagement',
    evidence: 'order-records',
    accounts: [
      'Sold reviews of goods that the reviewers never bought.',
      'Rented out accounts that praised one shop.',
    ],
  },
  {
    reason: 'fraud.phishing',
    evidence: 'captured-artefact',
    accounts: [
      'Hosted a copy of the login page of a bank.',
      'Sent messages that led to a copy of a page of the tax office.',
      'Asked users for the code that their bank had sent them.',
    ],
  },
  {
    reason: 'network.bulk-spam',
    evidence: 'volume-logs',
    accounts: [
      'Sent thousands of equal messages to strangers in one night.',
      'Put the same comment below nine hundred videos.',
    ],
  },
  {
    reason: 'fraud.payout',
    evidence: 'platform-logs',
    accounts: [
      'Most paid views came from one rented network of devices.',
      'Paid clicks came from a program that opened each page twice a second.',
    ],
  },
];

const firsts: readonly [string, ...string[]] = [
  'amber',
  'birch',
  'cedar',
  'delta',
  'ember',
  'fjord',
  'grove',
  'haven',
  'indigo',
  'juniper',
  'kestrel',
  'larch',
  'maple',
  'north',
  'opal',
  'pebble',
  'quartz',
  'river',
  'sable',
  'thistle',
];

const seconds: readonly [string, ...string[]] = [
  'bazaar',
  'clips',
  'corner',
  'deals',
  'depot',
  'gadgets',
  'goods',
  'market',
  'media',
  'outlet',
  'resale',
  'shop',
  'store',
  'studio',
  'trade',
];

const pick = <T>(list: readonly [T, ...T[]], n: number): T => list[n % list.length] ?? list[0];
