import type { Advice, IdentifierKind, MatchAdvice } from '@recourse/protocol';

/** One identifier of one statement that a token of the check met, whether or not it answers by itself yet. */
export interface MetIdentifier {
  readonly sanction: string;
  readonly epoch: number;
  /** Place in the subject tree */
  readonly position: number;
  readonly kind: IdentifierKind;
  /** A notice was delivered to it, and its hold is over */
  readonly reviews: boolean;
  /** An appeal, or a submitter that is suspended, puts in doubt whether this is the person, or the act */
  readonly withheld?: boolean;
}

/** Numbers are shared and recycled, accounts and wallets sold. */
const sharedKinds: ReadonlySet<IdentifierKind> = new Set(['phone', 'account', 'wallet', 'iban']);

/** Advises a platform: look, or find out first whether this is the person. It never advises to refuse. */
export function advise(matches: readonly MatchAdvice[]): Advice {
  if (matches.length === 0) return 'no-record';
  return matches.includes('review') ? 'review' : 'verify-identity';
}

/**
 * `review` needs an identifier among those asked that a notice was delivered to and, where that is a phone, account,
 * wallet or IBAN, a second one of the same statement, delivered or not. A record whose reason is withheld answers
 * `verify-identity`.
 *
 * @param met of one statement
 */
export function adviseOn(met: readonly MetIdentifier[]): MatchAdvice {
  if (met.some((one) => one.withheld)) return 'verify-identity';
  const delivered = met.filter((one) => one.reviews);
  if (delivered.length === 0) return 'verify-identity';
  const isOwn = delivered.some((one) => !sharedKinds.has(one.kind));
  return isOwn || hasSecond(met) ? 'review' : 'verify-identity';
}

/** One identifier asked under two epochs is one identifier: places are compared within an epoch. */
const hasSecond = (met: readonly MetIdentifier[]): boolean =>
  [...Map.groupBy(met, ({ epoch }) => epoch).values()].some(
    (inEpoch) => new Set(inEpoch.map(({ position }) => position)).size > 1,
  );
