import {
  addMonths,
  fromNumericDate,
  isLesserReason,
  longestLifeMonthsOfMinor,
  reasons,
  type AppealDecision,
  type Problem,
  type ReasonCode,
} from '@recourse/protocol';
import { whyClosed, type OutcomeFacts } from '@recourse/protocol/review';
import { invalid, refusal } from '../kernel/refusal.ts';

/** The facts by which a decision is judged; reason and expiry as they are now, amended or not. */
export interface DecisionFacts extends OutcomeFacts {
  readonly reason: ReasonCode;
  readonly age: 'adult' | 'unknown' | 'minor';
  readonly expiresAt: Date;
  readonly incidentTo: Date;
  /** On a code next to speech, or on that ground */
  readonly isOfSpeech: boolean;
  /** Places of the subjects that match */
  readonly attached: readonly number[];
}

type DecisionRule = (decision: AppealDecision, facts: DecisionFacts) => Problem | undefined;

/** The first rule that a decision breaks. */
export function refuseDecision(
  decision: AppealDecision,
  facts: DecisionFacts,
): Problem | undefined {
  for (const rule of [isOpen, hasItsMembers, namesSpeech, lessens, shortens, detaches]) {
    const problem = rule(decision, facts);
    if (problem) return problem;
  }
  return undefined;
}

/** Which outcomes are open: a reviewer reads the same of them. */
function isOpen({ outcome }: AppealDecision, facts: DecisionFacts): Problem | undefined {
  const why = whyClosed(outcome, facts);
  if (why === undefined) return undefined;
  if (why === 'not-confirmed') return refusal('state-conflict', 'evidence', why);
  if (why === 'no-gist' || why === 'gist-unanswered') {
    return refusal('state-conflict', 'questions', why);
  }
  return invalid('decision.outcome', why);
}

function hasItsMembers({
  outcome,
  cause,
  reason,
  exp,
  detach,
}: AppealDecision): Problem | undefined {
  const isWrong = outcome === 'reversed' || outcome === 'finding';
  if (isWrong !== (cause !== undefined)) {
    return invalid('decision.cause', isWrong ? 'missing' : 'unexpected');
  }
  const amends = reason !== undefined || exp !== undefined || detach !== undefined;
  if (amends === (outcome === 'amended')) return undefined;
  return invalid('decision.outcome', amends ? 'amends-nothing' : 'amendment-missing');
}

/** `expression` is a cause on a code next to speech, or where a claimant said so; elsewhere it says nothing of the act. */
const namesSpeech: DecisionRule = ({ cause }, { isOfSpeech }) =>
  cause !== 'expression' || isOfSpeech ? undefined : invalid('decision.cause', 'not-about-speech');

const lessens: DecisionRule = ({ reason }, facts) =>
  reason === undefined || isLesserReason(reason, facts.reason)
    ? undefined
    : invalid('decision.reason', 'not-lesser');

/** Shorter, and under a lesser reason never longer than that reason lets a record live. */
function shortens({ reason, exp }: AppealDecision, facts: DecisionFacts): Problem | undefined {
  const expiresAt = exp === undefined ? facts.expiresAt : fromNumericDate(exp);
  if (exp !== undefined && expiresAt <= facts.now) return invalid('decision.exp', 'in-the-past');
  if (exp !== undefined && expiresAt >= facts.expiresAt)
    return invalid('decision.exp', 'not-earlier');
  if (reason === undefined || expiresAt <= longestUnder(reason, facts)) return undefined;
  return invalid('decision.exp', 'beyond-reason');
}

function longestUnder(reason: ReasonCode, { age, incidentTo }: DecisionFacts): Date {
  const { longestLifeMonths, minorAllowed } = reasons[reason];
  if (age === 'minor' && !minorAllowed) return incidentTo;
  const longest = longestLifeMonths ?? 0;
  return addMonths(
    incidentTo,
    age === 'minor' ? Math.min(longest, longestLifeMonthsOfMinor) : longest,
  );
}

const detaches: DecisionRule = ({ detach }, { attached }) => {
  if (detach === undefined) return undefined;
  if (new Set(detach).size < detach.length) return invalid('decision.detach', 'twice');
  if (!detach.every((place) => attached.includes(place))) {
    return invalid('decision.detach', 'no-such-subject');
  }
  // A record of nobody is no amendment: that is a reversal.
  return detach.length < attached.length ? undefined : invalid('decision.detach', 'all-subjects');
};
