import type { MatchAdvice, Outcome, ProblemCode, Role } from '@recourse/protocol';

const minutes = 60_000;
const days = 24 * 60 * minutes;

/** A person reviews before somebody is refused: not in the minutes a machine would need. */
const reviewAfter = 10 * minutes;
const pendingWithin = 7 * days;

/** A match as the registry knows it when an outcome is reported. */
export interface ToldMatch {
  readonly toldAt: Date;
  readonly outcome: Outcome | null;
  /** The advice that it was last answered with */
  readonly advice: MatchAdvice;
}

export interface ReportedOutcome {
  readonly outcome: Outcome;
  readonly reviewedAt: Date | null;
  readonly noticeSentAt: Date | null;
}

export type Verdict =
  | { readonly kind: 'record' }
  /** The same final outcome stands already: a repeated report changes nothing */
  | { readonly kind: 'stands' }
  | {
      readonly kind: 'refused';
      readonly code: Extract<
        ProblemCode,
        'role-not-allowed' | 'notice-required' | 'state-conflict' | 'invalid-input'
      >;
      /** The member that is wrong and how, of invalid-input */
      readonly member?: keyof ReportedOutcome;
      readonly issue?: 'required' | 'too-early' | 'in-the-future' | 'verify-identity-first';
    };

/**
 * Says whether a reported outcome is recorded. Pending for at most 7 d; the others are final.
 *
 * Without a `review` answer nobody is refused. Refused and admitted-with-safeguards need a trust key, a review at least
 * 10 min after the match, and notice to the creator naming registry, submitter and case route.
 */
export function judgeOutcome(
  match: ToldMatch,
  reported: ReportedOutcome,
  at: { role: Role; now: Date },
): Verdict {
  const burdens = burdensCreator(reported.outcome);
  if (burdens && at.role !== 'trust') return refused('role-not-allowed');
  if (match.outcome !== null && match.outcome !== 'pending') {
    return match.outcome === reported.outcome ? { kind: 'stands' } : refused('state-conflict');
  }
  if (reported.outcome === 'pending') {
    const late = at.now.getTime() > match.toldAt.getTime() + pendingWithin;
    return late ? refused('state-conflict') : { kind: 'record' };
  }
  if (reported.outcome === 'refused' && match.advice !== 'review') {
    return invalid('outcome', 'verify-identity-first');
  }
  return burdens ? judgeReview(match, reported, at.now) : { kind: 'record' };
}

/** Outcomes that a creator has to bear: a person reviewed, and told them. */
export const burdensCreator = (outcome: Outcome): boolean =>
  outcome === 'refused' || outcome === 'admitted-with-safeguards';

function judgeReview(match: ToldMatch, reported: ReportedOutcome, now: Date): Verdict {
  const { reviewedAt, noticeSentAt } = reported;
  if (reviewedAt === null) return invalid('reviewedAt', 'required');
  if (reviewedAt.getTime() < match.toldAt.getTime() + reviewAfter) {
    return invalid('reviewedAt', 'too-early');
  }
  if (reviewedAt > now) return invalid('reviewedAt', 'in-the-future');
  if (noticeSentAt === null) return refused('notice-required');
  if (noticeSentAt < match.toldAt) return invalid('noticeSentAt', 'too-early');
  if (noticeSentAt > now) return invalid('noticeSentAt', 'in-the-future');
  return { kind: 'record' };
}

type RefusedVerdict = Extract<Verdict, { kind: 'refused' }>;

const refused = (code: RefusedVerdict['code']): Verdict => ({ kind: 'refused', code });

const invalid = (
  member: keyof ReportedOutcome,
  issue: NonNullable<RefusedVerdict['issue']>,
): Verdict => ({
  kind: 'refused',
  code: 'invalid-input',
  member,
  issue,
});
