import type { Decision, ReversalCause } from '@recourse/protocol';

/** One reviewer's decision with the artefact that it is. */
export interface Vote {
  readonly decision: Decision;
  readonly artefact: string;
}

/** What an appeal comes to, and the decision that says so; none where two disagreed without a word of it. */
export type Verdict =
  | { readonly outcome: 'upheld' | 'dismissed' | 'amended'; readonly vote: Vote }
  | {
      readonly outcome: 'reversed' | 'finding';
      readonly cause: ReversalCause;
      readonly vote: Vote | undefined;
    };

/**
 * Two reviewers, blind to each other: what both say stands, and disagreement reverses.
 * @param earlier the vote of the other reviewer, where there are two
 */
export function verdictOf(
  of: { later: Vote; earlier?: Vote | undefined },
  { ended }: { ended: boolean },
): Verdict {
  const { later, earlier = later } = of;
  const wrong = [later, earlier].find(({ decision }) => decision.cause !== undefined);
  const outcome = ended ? 'finding' : 'reversed';
  if (wrong?.decision.cause) return { outcome, cause: wrong.decision.cause, vote: wrong };
  const agreed = later.decision.outcome;
  if (agreed === 'reversed' || agreed === 'finding' || !isSame(later.decision, earlier.decision)) {
    return { outcome, cause: 'insufficient-evidence', vote: undefined };
  }
  return { outcome: agreed, vote: later };
}

const isSame = (a: Decision, b: Decision): boolean =>
  a.outcome === b.outcome &&
  a.reason === b.reason &&
  a.exp === b.exp &&
  new Set(a.detach).symmetricDifference(new Set(b.detach)).size === 0;
