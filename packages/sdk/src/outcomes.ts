import {
  toNumericDate,
  type Id,
  type OpInput,
  type OpOutput,
  type Outcome,
} from '@recourse/protocol';
import type { Session } from './session/session.ts';
import type { CallOptions } from './transport/transport.ts';

/** The outcome of a match. One that the creator has to bear needs a review, a notice and a trust key. */
export type OutcomeReport = BurdenReport | OtherReport;

/** Outcomes that the creator has to bear: a person answers for them. */
export type Burden = 'refused' | 'admitted-with-safeguards';

/** A refusal or a safeguard, with the review before it and the notice about it. */
export interface BurdenReport extends ReportedMatch {
  /** Act of the platform */
  readonly outcome: Burden;
  /** When a person reviewed the match: at least 10 min after it */
  readonly reviewedAt: Date;
  /** When you told the creator */
  readonly noticeSentAt: Date;
}

/** Any other outcome: nobody has to bear anything. */
export interface OtherReport extends ReportedMatch {
  /** Act of the platform; `pending` holds for at most 7 days */
  readonly outcome: Exclude<Outcome, Burden>;
  /** When a person reviewed the match */
  readonly reviewedAt?: Date | undefined;
  /** When you told the creator */
  readonly noticeSentAt?: Date | undefined;
}

interface ReportedMatch {
  /** The match, as `check` answered it */
  readonly match: Id<'mat'>;
  /** The platform's own case id, 1..64 letters, digits and `._:/#-`; replaces the one of the check */
  readonly ref?: string | undefined;
}

/** Outcomes of matches. Every match owes one. */
export interface Outcomes {
  /**
   * Reports 1..64 outcomes; all are recorded, or none.
   * @throws RecourseError `notice-required`, `state-conflict`, `role-not-allowed`, `invalid-input`, and those of every call
   */
  report(
    outcomes: readonly OutcomeReport[],
    options?: CallOptions,
  ): Promise<OpOutput<'checks.report'>>;
  /** Matches whose outcome is still owed, the oldest first. */
  owed(page?: OpInput<'checks.owed'>, options?: CallOptions): Promise<OpOutput<'checks.owed'>>;
}

export function outcomesOver(session: Session): Outcomes {
  return {
    report: async (outcomes, options) => {
      const needsTrust = outcomes.some(({ outcome }) => burdens.has(outcome));
      const answer = await session.transport.send(
        'checks.report',
        { outcomes: outcomes.map(asInput) },
        needsTrust ? { as: 'trust', ...options } : options,
      );
      return answer.result;
    },
    owed: async (page = {}, options) =>
      (await session.transport.send('checks.owed', page, options)).result,
  };
}

const burdens: ReadonlySet<Outcome> = new Set<Burden>(['refused', 'admitted-with-safeguards']);

function asInput(report: OutcomeReport): OpInput<'checks.report'>['outcomes'][number] {
  const { match, outcome, reviewedAt, noticeSentAt, ref } = report;
  return {
    match,
    outcome,
    ...(reviewedAt ? { reviewedAt: toNumericDate(reviewedAt) } : {}),
    ...(noticeSentAt ? { noticeSentAt: toNumericDate(noticeSentAt) } : {}),
    ...(ref === undefined ? {} : { ref }),
  };
}
