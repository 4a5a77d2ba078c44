/** The version a statement names; a new code is a new version, logged. */
export const taxonomyVersion = '1';

/** Taxonomy 1. The list is closed: nothing else can be represented. */
export const reasonCodes = [
  'fraud.payment',
  'fraud.scam',
  'fraud.phishing',
  'fraud.payout',
  'identity.impersonation',
  'identity.forged-document',
  'identity.account-takeover',
  'network.fake-accounts',
  'network.fake-engagement',
  'network.bulk-spam',
  'network.ban-evasion',
  'abuse.ncii',
  'abuse.sextortion',
  'abuse.swatting',
  'abuse.doxxing',
  'abuse.threat',
  'abuse.stalking',
  'abuse.physical-harm',
  'security.intrusion',
] as const;

/** An act that a reviewer can establish without judging truth or opinion. */
export type ReasonCode = (typeof reasonCodes)[number];

/** The codes of one family, so that each file of reasons is complete by type. */
export type CodesOf<Family extends string> = Extract<ReasonCode, `${Family}.${string}`>;
