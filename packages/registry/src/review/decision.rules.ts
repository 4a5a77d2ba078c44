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
import { dismissDays } from '@recourse/protocol/review';
import { dueAt } from '../kernel/bounds.ts';
import { invalid, refusal } from '../kernel/refusal.ts';

export interface GistFacts {
  readonly dueAt: Date;
  readonly answered: boolean;
}

/** What a decision is judged by; reason and expiry as they are now, amended or not. */
export interface DecisionFacts {
  readonly now: Date;
  readonly openedAt: Date;
  readonly ended: boolean;
  readonly evidenceConfirmed: boolean;
  readonly gists: readonly GistFacts[];
  readonly reason: ReasonCode;
  readonly age: 'adult' | 'unknown' | 'minor';
  readonly expiresAt: Date;
  readonly incidentTo: Date;
  /** Places of the subjects that match */
  readonly attached: readonly number[];
}

type DecisionRule = (decision: AppealDecision, facts: DecisionFacts) => Problem | undefined;

/** The first rule that a decision breaks. */
export function refuseDecision(
  decision: AppealDecision,
  facts: DecisionFacts,
): Problem | undefined {
  for (const rule of [
    fitsRecord,
    hasItsMembers,
    isFounded,
    isInTime,
    lessens,
    shortens,
    detaches,
  ]) {
    const problem = rule(decision, facts);
    if (problem) return problem;
  }
  return undefined;
}

const ofLive: ReadonlySet<string> = new Set(['upheld', 'amended', 'reversed', 'dismissed']);
const ofEnded: ReadonlySet<string> = new Set(['upheld', 'finding']);

/** On an ended record: a finding. */
const fitsRecord: DecisionRule = ({ outcome }, { ended }) =>
  (ended ? ofEnded : ofLive).has(outcome)
    ? undefined
    : invalid('decision.outcome', ended ? 'record-ended' : 'record-live');

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

/**
 * Nothing is upheld on evidence of which the creator had no gist, and the creator's silence is never evidence:
 * what they did not answer in ten days is decided on what was delivered and confirmed.
 */
const isFounded: DecisionRule = ({ outcome }, { now, evidenceConfirmed, gists }) => {
  if (outcome !== 'upheld' && outcome !== 'amended') return undefined;
  if (!evidenceConfirmed) return refusal('state-conflict', 'evidence', 'not-confirmed');
  if (gists.length === 0) return refusal('state-conflict', 'questions', 'no-gist');
  if (gists.some(({ dueAt: due, answered }) => answered || due <= now)) return undefined;
  return refusal('state-conflict', 'questions', 'gist-unanswered');
};

/** Dismissed: manifestly unfounded, within 5 d. */
const isInTime: DecisionRule = ({ outcome }, { now, openedAt }) =>
  outcome === 'dismissed' && now > dueAt(openedAt, 24 * dismissDays)
    ? invalid('decision.outcome', 'too-late')
    : undefined;

const lessens: DecisionRule = ({ reason }, facts) =>
  reason === undefined || isLesserReason(reason, facts.reason)
    ? undefined
    : invalid('decision.reason', 'not-lesser');

/** Shorter, and under a lesser reason never longer than that reason lets a record live. */
function shortens(
  { outcome, reason, exp }: AppealDecision,
  facts: DecisionFacts,
): Problem | undefined {
  if (outcome !== 'amended') return undefined;
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
