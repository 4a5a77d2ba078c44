import type { IdentifierKind } from '../identifiers/kinds.ts';
import { addMonths } from './months.ts';
import type { ReasonCode } from './reason-codes.ts';
import { reason } from './reasons.ts';

/** The grounds on which a record lives longer than half of the longest life. */
export const gravities = ['repeat', 'organised', 'loss-above-band'] as const;
export type Gravity = (typeof gravities)[number];

/** The longest life of a record about a minor, in months. */
export const longestLifeMonthsOfMinor = 12;

/** Months for which an identifier of a kind matches: numbers are recycled, accounts sold. null: the sanction's life. */
export const matchingMonths = {
  email: 24,
  phone: 12,
  domain: null,
  account: 12,
  wallet: null,
  iban: 12,
} as const satisfies Record<IdentifierKind, number | null>;

/** The facts of a record that bound its life. */
export interface LifeInput {
  readonly reason: ReasonCode;
  /** The end of the incident: life runs from it, not from the decision or the submission. */
  readonly incidentTo: Date;
  /** Kinds of the subjects. */
  readonly kinds: readonly IdentifierKind[];
  readonly age: 'adult' | 'unknown' | 'minor';
  readonly gravity?: Gravity | undefined;
  /** Expiry of the sanction that was evaded; ban evasion ends when that one ends. */
  readonly evadedExpiry?: Date | undefined;
}

/**
 * The latest expiry that a sanction may have. Life runs from the end of the incident: half of the longest life of the
 * reason, or all of it with a gravity. For a minor the longest life is 12 months. A sanction does not outlive the last
 * of its subjects that can match.
 *
 * Some records may have no life: of a minor under a code not for minors, or ban evasion without the evaded sanction.
 * The answer is `incidentTo` then, so that every expiry is too late.
 */
export function longestExpiry(life: LifeInput): Date {
  return earlier(lifeOfReason(life), lastSubjectExpiry(life));
}

/** The expiry of a sanction without a gravity: half of the longest life. */
export function defaultExpiry(life: Omit<LifeInput, 'gravity'>): Date {
  return longestExpiry({ ...life, gravity: undefined });
}

/**
 * Until when one identifier of a sanction matches, from the end of the incident: phone, account and IBAN 12 months,
 * email 24. Undefined where only the sanction's own expiry ends it. It applies to each subject by itself, under
 * whatever expiry the sanction has.
 */
export function subjectExpiry(kind: IdentifierKind, incidentTo: Date): Date | undefined {
  const months = matchingMonths[kind];
  return months === null ? undefined : addMonths(incidentTo, months);
}

function lifeOfReason(life: LifeInput): Date {
  const { longestLifeMonths, minorAllowed } = reason(life.reason);
  if (life.age === 'minor' && !minorAllowed) return life.incidentTo;
  if (longestLifeMonths === null) return life.evadedExpiry ?? life.incidentTo;
  const longest =
    life.age === 'minor'
      ? Math.min(longestLifeMonths, longestLifeMonthsOfMinor)
      : longestLifeMonths;
  return addMonths(life.incidentTo, life.gravity ? longest : longest / 2);
}

function lastSubjectExpiry(life: LifeInput): Date | undefined {
  const ends = life.kinds.map((kind) => subjectExpiry(kind, life.incidentTo));
  if (ends.length === 0 || ends.includes(undefined)) return undefined;
  return new Date(Math.max(...ends.map((end) => end?.getTime() ?? 0)));
}

const earlier = (a: Date, b: Date | undefined): Date => (b && b < a ? b : a);
