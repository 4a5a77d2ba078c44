import {
  toNumericDate,
  type Id,
  type OpInput,
  type OpOutput,
  type Outcome,
} from '@recourse/protocol';
import type { Session } from './session.ts';
import type { CallOptions } from './transport/transport.ts';

/** The outcome of a match. Refusals and safeguards need a review, a notice, and a trust key. */
export interface OutcomeReport {
  readonly match: Id<'mat'>;
  readonly outcome: Outcome;
  /** At least 10 min after the match */
  readonly reviewedAt?: Date | undefined;
  /** When you told the creator */
  readonly noticeSentAt?: Date | undefined;
  /** The platform's own case id, 16..64 characters of base64url; replaces the one of the check */
  readonly ref?: string | undefined;
}

export interface Outcomes {
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
      const needsTrust = outcomes.some(({ outcome }) => heavy.has(outcome));
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

/** Outcomes that touch the creator: a person answers for them. */
const heavy: ReadonlySet<Outcome> = new Set<Outcome>(['refused', 'admitted-with-safeguards']);

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
