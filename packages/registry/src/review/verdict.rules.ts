import {
  confirmedCauses,
  serialOutcomes,
  type AppealDecision,
  type ConfirmedCause,
  type DecisionOutcome,
  type InspectionOutcome,
  type ReversalCause,
} from '@recourse/protocol';

/** One reviewer's decision with the artefact that it is. */
export interface Vote {
  readonly decision: AppealDecision;
  readonly artefact: string;
  /** One more of a series than its reviewer decides on their own word */
  readonly serial: boolean;
}

/** The outcome of an appeal, and the decision that says so; none where two disagreed without a word of it. */
export type Verdict =
  | { readonly outcome: 'upheld' | 'dismissed' | 'amended'; readonly vote: Vote }
  | {
      readonly outcome: 'reversed' | 'finding';
      readonly cause: ReversalCause;
      readonly vote: Vote | undefined;
      /** One reviewer alone decided, and named this cause: another confirms it, or it stays an error */
      readonly unconfirmed?: ConfirmedCause | undefined;
    };

/**
 * Two reviewers, blind to each other: what both say stands, and disagreement reverses. One reviewer cannot empty the
 * registry: of a serial vote another confirms, or a third decides; here disagreement does not reverse.
 * @param votes in the order in which they were made
 * @returns undefined where another reviewer is asked
 */
export function verdictOf(
  votes: readonly [...Vote[], Vote],
  { ended }: { ended: boolean },
): Verdict | undefined {
  const [first, second, third] = votes;
  const later = third ?? second ?? first;
  const needsAnother = votes.some(({ serial }) => serial);
  if (needsAnother && (!second || (!third && !agree(first, second)))) return undefined;
  return comeTo({ later, earlier: third ? third : first }, { ended, votes });
}

/** Returns what a cause stands for before a second reviewer named the same: no vote of one person stops a group. */
function causeOf(
  cause: ReversalCause,
  votes: readonly Vote[],
): Pick<Extract<Verdict, { cause: ReversalCause }>, 'cause' | 'unconfirmed'> {
  const named = confirmedCauses.find((one) => one === cause);
  const isConfirmed = votes.filter(({ decision }) => decision.cause === cause).length > 1;
  if (named === undefined || isConfirmed) return { cause };
  // Of two who decided, one disagrees already.
  return { cause: 'error', unconfirmed: votes.length === 1 ? named : undefined };
}

const counted: ReadonlySet<string> = new Set([...serialOutcomes, 'failed']);

/** True where an outcome counts towards a series of its reviewer. */
export const countsInSeries = (outcome: DecisionOutcome | InspectionOutcome): boolean =>
  counted.has(outcome);

const agree = ({ decision: a }: Vote, { decision: b }: Vote): boolean =>
  isSame(a, b) || (a.cause !== undefined && b.cause !== undefined);

function comeTo(
  { later, earlier }: { later: Vote; earlier: Vote },
  { ended, votes }: { ended: boolean; votes: readonly Vote[] },
): Verdict {
  const wrong = [later, earlier].find(({ decision }) => decision.cause !== undefined);
  const outcome = ended ? 'finding' : 'reversed';
  if (wrong?.decision.cause) {
    return { outcome, ...causeOf(wrong.decision.cause, votes), vote: wrong };
  }
  const agreed = later.decision.outcome;
  if (agreed === 'reversed' || agreed === 'finding' || !isSame(later.decision, earlier.decision)) {
    return { outcome, cause: 'insufficient-evidence', vote: undefined };
  }
  return { outcome: agreed, vote: later };
}

const isSame = (a: AppealDecision, b: AppealDecision): boolean =>
  a.outcome === b.outcome &&
  a.reason === b.reason &&
  a.exp === b.exp &&
  new Set(a.detach).symmetricDifference(new Set(b.detach)).size === 0;
