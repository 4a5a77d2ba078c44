import {
  subjectCommitments,
  type Problem,
  type SanctionStatement,
  type Submission,
} from '@recourse/protocol';
import {
  authorityOrigin,
  machineDecision,
  reasonNotAccepted,
  reasonNotForMinors,
  unknownPolicy,
  weakProof,
} from './conduct.rules.ts';
import type { DraftSubmission, Facts, Rule, OpenedSubmission } from './facts.ts';
import {
  bucketEmpty,
  checkOnly,
  idTaken,
  notActive,
  notAddressed,
  probationFull,
  submitterSuspended,
  tooFewReviewers,
} from './intake.rules.ts';
import { evadesNothingLive, refiledAfterEnd, secondOnIncident } from './refile.rules.ts';
import {
  controlNotProven,
  duplicateSubject,
  epochNotOfRecords,
  leftBehind,
  takeoverNotLookedFor,
  unopenedCommitments,
} from './subject.rules.ts';
import {
  alreadyExpired,
  signedInFuture,
  timesOutOfOrder,
  tooLongAgo,
  tooLongLife,
} from './time.rules.ts';

/** Every refusal at submission but those that a second holder lifts. The first that applies is the answer. */
const rules: readonly Rule[] = [
  checkOnly,
  notActive,
  submitterSuspended,
  tooFewReviewers,
  notAddressed,
  idTaken,
  reasonNotAccepted,
  reasonNotForMinors,
  authorityOrigin,
  machineDecision,
  unknownPolicy,
  weakProof,
  unopenedCommitments,
  duplicateSubject,
  epochNotOfRecords,
  timesOutOfOrder,
  signedInFuture,
  tooLongAgo,
  controlNotProven,
  takeoverNotLookedFor,
  evadesNothingLive,
  alreadyExpired,
  tooLongLife,
  refiledAfterEnd,
  secondOnIncident,
  leftBehind,
  probationFull,
];

/** Rules of what one holder may not do alone. */
const aloneRules: readonly Rule[] = [bucketEmpty];

/** Rules of what time or other calls may have changed since a draft was laid down. */
const momentRules: readonly Rule<DraftSubmission>[] = [
  checkOnly,
  notActive,
  submitterSuspended,
  tooFewReviewers,
  reasonNotAccepted,
  epochNotOfRecords,
  tooLongAgo,
  evadesNothingLive,
  alreadyExpired,
  tooLongLife,
  refiledAfterEnd,
  secondOnIncident,
  leftBehind,
  probationFull,
];

/** The first refusal of a submission that one trust holder makes alone, in a fixed order. */
export const refuse = (submission: OpenedSubmission, facts: Facts): Problem | undefined =>
  first([...rules, ...aloneRules], submission, facts);

/** The first refusal of a draft: a second holder will confirm it. */
export const refuseDraft = (submission: OpenedSubmission, facts: Facts): Problem | undefined =>
  first(rules, submission, facts);

/** The first refusal of a draft at the moment a second holder confirms it. */
export const refuseConfirmation = (draft: DraftSubmission, facts: Facts): Problem | undefined =>
  first(momentRules, draft, facts);

/** A submission with what its openings give. */
export function submitted(statement: SanctionStatement, input: Submission): OpenedSubmission {
  return {
    statement,
    subjects: input.tokens,
    evades: input.evades,
    input,
    commitments: commitmentsOf(input),
  };
}

/** Indexes and padding are attacker-controlled: what fills no tree of eight has no commitments. */
export function commitmentsOf(
  input: Pick<Submission, 'tokens' | 'padding'>,
): readonly string[] | undefined {
  try {
    return subjectCommitments(input.tokens, input.padding);
  } catch {
    return undefined;
  }
}

function first<S extends DraftSubmission>(
  rulesInOrder: readonly Rule<S>[],
  submission: S,
  facts: Facts,
): Problem | undefined {
  for (const rule of rulesInOrder) {
    const problem = rule(submission, facts);
    if (problem) return problem;
  }
  return undefined;
}
